/** The network between the caller and the server: it may hold frames back, never reorders them (TCP). */
export interface CallerLine {
  /** A frame was captured; it is sent at once or when the line lets it. */
  push(nowMs: number, timestampMs: number, payload: string): void
  /** Sends what is due. */
  flush(nowMs: number): void
  /** When `flush` has next something to do; `Infinity` when nothing waits. */
  readonly nextDueMs: number
  /** Every later frame is this much late. */
  setLateMs(lateMs: number): void
  /** Every later frame is late by 0 to this much more, at random. */
  setJitterMs(jitterMs: number): void
  /** Holds everything until then and lets it go at once. */
  holdUntil(untilMs: number): void
  /** Sends what still waits, whenever it was due. */
  drain(): void
}

export function createCallerLine(
  send: (timestampMs: number, payload: string) => void,
  random: () => number,
): CallerLine {
  const waiting: { dueMs: number; timestampMs: number; payload: string }[] = []
  let lateMs = 0
  let jitterMs = 0
  let heldUntilMs = -Infinity

  function flush(nowMs: number): void {
    while (waiting[0] && waiting[0].dueMs <= nowMs) {
      const { timestampMs, payload } = waiting.shift()!
      send(timestampMs, payload)
    }
  }

  return {
    push(nowMs, timestampMs, payload) {
      const delayMs = lateMs + (jitterMs > 0 ? random() * jitterMs : 0)
      const dueMs = Math.max(nowMs + delayMs, heldUntilMs, waiting.at(-1)?.dueMs ?? -Infinity)
      if (dueMs <= nowMs) send(timestampMs, payload)
      else waiting.push({ dueMs, timestampMs, payload })
    },
    flush,
    get nextDueMs() {
      return waiting[0]?.dueMs ?? Infinity
    },
    setLateMs(ms) {
      lateMs = ms
    },
    setJitterMs(ms) {
      jitterMs = ms
    },
    holdUntil(untilMs) {
      heldUntilMs = untilMs
      for (const frame of waiting) frame.dueMs = Math.max(frame.dueMs, untilMs)
    },
    drain: () => flush(Infinity),
  }
}
