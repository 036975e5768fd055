import type { Clock } from '@kav/core'

/** The machine's clock. `performance.now()` is monotonic; timers are Node's own. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}
