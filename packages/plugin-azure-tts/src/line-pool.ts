import { ProviderError, type Clock, type Metrics } from '@kav/core'
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

export function createLinePool(options: {
  open(onLost: (line: VoiceLine) => void): Promise<VoiceLine>
  readonly spares: number
  readonly maxLines: number
  readonly idleCloseMs: number
  readonly clock: Clock
  readonly metrics: Metrics
}): LinePool {
  const { clock, metrics, idleCloseMs } = options
  const lines = new Set<VoiceLine>()
  /** Ready or opening, and nobody's; the last one given is the first one taken. */
  const idle: VoiceLine[] = []
  /** Lines being made: reading a token comes before the line itself. */
  let making = 0
  /** Of these, the ones that nobody has asked for yet. */
  let promised = 0
  const lastSpokeMs = new Map<string, number>()
  const waiting: (() => void)[] = []
  const closings = new Set<Promise<void>>()
  let stopSweep: (() => void) | undefined
  let closed = false

  const total = (): number => lines.size + making
  const wanted = (): number =>
    lastSpokeMs.size === 0 ? 0 : Math.min(options.maxLines, lastSpokeMs.size + options.spares)

  async function make(): Promise<VoiceLine> {
    making += 1
    try {
      const line = await options.open(remove)
      if (closed) {
        await line.close()
        throw new ProviderError('cancelled', 'Azure Speech synthesis: the provider is closed')
      }
      lines.add(line)
      metrics.gauge('azure_tts_connections', lines.size)
      return line
    } finally {
      making -= 1
    }
  }

  /** Opens lines in the background until there are as many as wanted. Resolves when they are up, or are not. */
  async function refill(): Promise<void> {
    const missing = closed ? 0 : Math.max(0, wanted() - total())
    await Promise.allSettled(
      Array.from({ length: missing }, async () => {
        promised += 1
        let line: VoiceLine
        try {
          line = await make()
          idle.push(line)
        } finally {
          promised -= 1
          waiting[0]?.()
        }
        await line.opened
      }),
    )
  }

  function remove(line: VoiceLine): void {
    if (!lines.delete(line)) return
    const at = idle.indexOf(line)
    if (at >= 0) idle.splice(at, 1)
    const closing = line.close()
    closings.add(closing)
    void closing.then(() => closings.delete(closing))
    metrics.gauge('azure_tts_connections', lines.size)
    waiting[0]?.()
  }

  function noteCall(callId: string): void {
    lastSpokeMs.set(callId, clock.nowMs())
    stopSweep ??= clock.after(idleCloseMs, sweep)
  }

  /** Forgets calls that have gone, and closes what was kept for them. */
  function sweep(): void {
    stopSweep = undefined
    const oldestMs = clock.nowMs() - idleCloseMs
    for (const [callId, spokeMs] of lastSpokeMs) if (spokeMs <= oldestMs) lastSpokeMs.delete(callId)
    while (total() > wanted() && idle[0] !== undefined) remove(idle[0])
    if (lines.size > 0 || lastSpokeMs.size > 0) stopSweep = clock.after(idleCloseMs, sweep)
  }

  function pick(): VoiceLine | undefined {
    const ready = idle.findLastIndex((line) => line.state === 'ready')
    return idle.splice(ready >= 0 ? ready : idle.length - 1, 1)[0]
  }

  /** Resolves when there may be a line, or when `signal` aborts. */
  function aTurn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake)
        const at = waiting.indexOf(wake)
        if (at >= 0) waiting.splice(at, 1)
        resolve()
      }
      waiting.push(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }

  async function find(signal: AbortSignal): Promise<VoiceLine> {
    for (;;) {
      if (closed || signal.aborted) {
        // The line this one was woken for is the next one's.
        if (idle.length > 0) waiting[0]?.()
        throw cancelled()
      }
      const line = pick()
      if (line !== undefined) return line
      if (promised <= waiting.length) {
        if (total() < options.maxLines) return make()
        metrics.count('azure_tts_waits_total')
      }
      await aTurn(signal)
    }
  }

  return {
    get size() {
      return lines.size
    },
    async warm(callId) {
      noteCall(callId)
      await refill()
      await Promise.allSettled(idle.map((line) => line.opened))
    },
    async take(callId, signal) {
      noteCall(callId)
      const line = await find(signal)
      void refill()
      const abort = (): void => remove(line)
      signal.addEventListener('abort', abort, { once: true })
      try {
        await line.opened
        if (signal.aborted) throw cancelled()
        return line
      } catch (error) {
        remove(line)
        throw signal.aborted ? cancelled() : error
      } finally {
        signal.removeEventListener('abort', abort)
      }
    },
    give(line) {
      if (line.state !== 'ready' || line.uses >= MAX_USES || closed) {
        remove(line)
        void refill()
        return
      }
      idle.push(line)
      waiting[0]?.()
    },
    drop(line) {
      remove(line)
      void refill()
    },
    async close() {
      closed = true
      stopSweep?.()
      for (const line of [...lines]) remove(line)
      for (const wake of [...waiting]) wake()
      await Promise.all(closings)
    },
  }
}

function cancelled(): ProviderError {
  return new ProviderError('cancelled', 'Azure Speech synthesis: no longer wanted')
}
