import { ProviderError, type Clock, type Metrics } from '@kav/core'
import { createLineStock, type LineStock } from './line-stock.ts'
import { createTurnQueue } from './turn-queue.ts'
import type { VoiceLine } from './voice-line.ts'

/** A line is replaced after so many sentences: each leaves a little behind in the SDK. */
const MAX_USES = 100

/**
 * Connections that are up before they are needed: one for every call that has lately spoken or been announced, and
 * `spares` over that. An interruption costs its line, and the next sentence finds another one ready.
 */
export interface LinePool {
  /** A call begins. Resolves when a line is up for it, or will not come up. */
  warm(callId: string): Promise<void>
  /** A line that is up. Rejects with a `ProviderError`; `cancelled` once `signal` aborts. */
  take(callId: string, signal: AbortSignal): Promise<VoiceLine>
  /** The line has spoken to the end and may speak again. */
  give(line: VoiceLine): void
  /** The line is of no more use: closed, and replaced if it is missed. */
  drop(line: VoiceLine): void
  /** Lines that are up or coming up. */
  readonly size: number
  close(): Promise<void>
}

export interface LinePoolOptions {
  open(onLost: (line: VoiceLine) => void): Promise<VoiceLine>
  readonly spares: number
  readonly maxLines: number
  readonly idleCloseMs: number
  readonly clock: Clock
  readonly metrics: Metrics
}

export function createLinePool(options: LinePoolOptions): LinePool {
  const turns = createTurnQueue()
  const stock = createLineStock({
    open: options.open,
    metrics: options.metrics,
    onChange: () => turns.wakeNext(),
  })
  const demand = createDemand(options, stock)
  let closed = false

  /** Opens lines in the background until there are as many as wanted. Resolves when they are up, or are not. */
  const refill = (): Promise<void> => stock.add(closed ? 0 : Math.max(0, demand.wanted - stock.total))

  async function find(signal: AbortSignal): Promise<VoiceLine> {
    for (;;) {
      if (closed || signal.aborted) {
        // The line this one was woken for is the next one's.
        if (stock.idle.length > 0) turns.wakeNext()
        throw cancelled()
      }
      const line = stock.pick()
      if (line !== undefined) return line
      if (stock.promised <= turns.length) {
        if (stock.total < options.maxLines) return stock.make()
        options.metrics.count('azure_tts_waits_total')
      }
      await turns.wait(signal)
    }
  }

  function drop(line: VoiceLine): void {
    stock.remove(line)
    void refill()
  }

  return {
    get size() {
      return stock.size
    },
    async warm(callId) {
      demand.noteCall(callId)
      await refill()
      await Promise.allSettled(stock.idle.map((line) => line.opened))
    },
    async take(callId, signal) {
      demand.noteCall(callId)
      const line = await find(signal)
      void refill()
      return whenOpen(line, signal, () => stock.remove(line))
    },
    give(line) {
      if (line.state !== 'ready' || line.uses >= MAX_USES || closed) drop(line)
      else stock.putBack(line)
    },
    drop,
    async close() {
      closed = true
      demand.stop()
      const gone = stock.close()
      turns.wakeAll()
      await gone
    },
  }
}

/** The line once it is up; `remove` lets go of one that is not, or not in time. */
async function whenOpen(line: VoiceLine, signal: AbortSignal, remove: () => void): Promise<VoiceLine> {
  signal.addEventListener('abort', remove, { once: true })
  try {
    await line.opened
    if (signal.aborted) throw cancelled()
    return line
  } catch (error) {
    remove()
    throw signal.aborted ? cancelled() : error
  } finally {
    signal.removeEventListener('abort', remove)
  }
}

/** How many lines the calls of late are worth. */
interface Demand {
  readonly wanted: number
  /** A call begins, or speaks. */
  noteCall(callId: string): void
  stop(): void
}

function createDemand(options: LinePoolOptions, stock: LineStock): Demand {
  const { clock, idleCloseMs } = options
  const lastSpokeMs = new Map<string, number>()
  let stopSweep: (() => void) | undefined
  const wanted = (): number =>
    lastSpokeMs.size === 0 ? 0 : Math.min(options.maxLines, lastSpokeMs.size + options.spares)

  /** Forgets calls that have gone, and closes what was kept for them. */
  function sweep(): void {
    stopSweep = undefined
    const oldestMs = clock.nowMs() - idleCloseMs
    for (const [callId, spokeMs] of lastSpokeMs) if (spokeMs <= oldestMs) lastSpokeMs.delete(callId)
    while (stock.total > wanted() && stock.idle[0] !== undefined) stock.remove(stock.idle[0])
    if (stock.size > 0 || lastSpokeMs.size > 0) stopSweep = clock.after(idleCloseMs, sweep)
  }

  return {
    get wanted() {
      return wanted()
    },
    noteCall(callId) {
      lastSpokeMs.set(callId, clock.nowMs())
      stopSweep ??= clock.after(idleCloseMs, sweep)
    },
    stop() {
      stopSweep?.()
    },
  }
}

function cancelled(): ProviderError {
  return new ProviderError('cancelled', 'Azure Speech synthesis: no longer wanted')
}
