import type { Clock } from '../../contracts/clock.ts'
import { underSignals } from '../link-signals.ts'

/** A connection that can be kept for later. */
export interface Spare {
  /** It is up, and nothing of an earlier use is on its way. */
  readonly usable: boolean
  close(): Promise<void>
}

/** Connections that are up before they are needed: a handshake in front of every reply would be heard. */
export interface Spares<One extends Spare> {
  /** One that is up, or a new one; `undefined` once the signal aborts. Rejects as `open` does. */
  take(signal: AbortSignal): Promise<One | undefined>
  /** Back for the next who needs one; one that is not usable is closed. */
  give(one: One): void
  /** Has one ready. Never rejects: whoever takes one next is told the fault. */
  warm(): Promise<void>
  /** Closes those that are kept and those that are being opened. What was taken is its taker's. */
  close(): Promise<void>
}

export interface SparesOptions<One extends Spare> {
  open(signal: AbortSignal): Promise<One>
  readonly clock: Clock
  /** One that nobody took for so long is closed, before the service does. */
  readonly idleMs: number
  /** More than so many are not kept. Default 8. */
  readonly maxKept?: number
}

const MAX_KEPT = 8

export function createSpares<One extends Spare>(options: SparesOptions<One>): Spares<One> {
  const { open, clock, idleMs, maxKept = MAX_KEPT } = options
  const kept = new Map<One, () => void>()
  const closing = new AbortController()
  let warming: Promise<void> | undefined

  function unkeep(one: One): void {
    kept.get(one)?.()
    kept.delete(one)
  }
  function give(one: One): void {
    if (!one.usable || closing.signal.aborted || kept.size >= maxKept) return void one.close()
    const cancel = clock.after(idleMs, () => {
      kept.delete(one)
      void one.close()
    })
    kept.set(one, cancel)
  }
  /** The youngest first: the others grow old and are closed. */
  function keptOne(): One | undefined {
    for (const one of [...kept.keys()].reverse()) {
      unkeep(one)
      if (one.usable) return one
      void one.close()
    }
    return undefined
  }

  return {
    async take(signal) {
      const ready = keptOne()
      if (ready !== undefined) return ready
      return underSignals([signal, closing.signal], (stop) =>
        open(stop).catch((thrown: unknown) => {
          if (stop.aborted) return undefined
          throw thrown
        }),
      )
    },
    give,
    async warm() {
      if (closing.signal.aborted || [...kept.keys()].some((one) => one.usable)) return
      warming ??= open(closing.signal)
        .then(give, () => undefined)
        .finally(() => (warming = undefined))
      await warming
    },
    async close() {
      closing.abort()
      const all = [...kept.keys()]
      for (const one of all) unkeep(one)
      await Promise.all([...all.map((one) => one.close()), warming])
    },
  }
}
