import type { Clock } from '../contracts/clock.ts'

/** Monotonic time in which the process ran: how long somebody was waited for is a difference of these. */
export function runMs(clock: Clock): number {
  return clock.nowMs() - stoodStillMs(clock)
}

/** Time in which it did not. */
export function stoodStillMs(clock: Clock): number {
  return clock.stoodStillMs?.() ?? 0
}
