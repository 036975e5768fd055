import type { Clock } from '@kav/core'
import { type ClockObserver, createRunTimeClock } from './run-time-clock.ts'

let observer: ClockObserver | undefined

/** Who is told of what is odd about this machine's time from now on. */
export function observeSystemClock(by: ClockObserver): void {
  observer = by
}

/** The machine's clock. `performance.now()` is monotonic; timers are Node's own, in the time the process could run. */
export const systemClock: Clock = createRunTimeClock(
  {
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    setTimer(delayMs, callback) {
      const timer = setTimeout(callback, delayMs)
      return () => clearTimeout(timer)
    },
    nextTurn: (callback) => void setImmediate(callback),
  },
  {
    stalled: (forMs) => observer?.stalled(forMs),
    clamped: (delayMs, setMs) => observer?.clamped(delayMs, setMs),
  },
)
