import type { Clock } from '../../src/index.ts'

/** A clock for what needs no promises to settle between timers: moves synchronously, and may wake timers late. */
export interface ManualClock extends Clock {
  /** Runs what becomes due, each at its own time. */
  step(ms: number): void
  /** The event loop stands still: what became due meanwhile runs at the end of it. */
  stall(ms: number): void
  readonly pending: number
}

export function createManualClock(startMs = 1000): ManualClock {
  let nowMs = startMs
  let timers: { dueMs: number; callback: () => void }[] = []

  function runDue(untilMs: number): void {
    for (;;) {
      const next = timers.reduce<(typeof timers)[number] | undefined>(
        (first, timer) => (timer.dueMs <= untilMs && (!first || timer.dueMs < first.dueMs) ? timer : first),
        undefined,
      )
      if (!next) return
      timers = timers.filter((timer) => timer !== next)
      nowMs = Math.max(nowMs, next.dueMs)
      next.callback()
    }
  }

  return {
    nowMs: () => nowMs,
    wallMs: () => nowMs,
    after(delayMs, callback) {
      const timer = { dueMs: nowMs + Math.max(0, delayMs), callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    step(ms) {
      const targetMs = nowMs + ms
      runDue(targetMs)
      nowMs = targetMs
    },
    stall(ms) {
      nowMs += ms
      runDue(nowMs)
    },
    get pending() {
      return timers.length
    },
  }
}
