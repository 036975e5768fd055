import type { Clock } from '../contracts/clock.ts'

/**
 * Time that is added up is kept in whole microseconds: sums of milliseconds as floating-point numbers are off by
 * 5e-13 ms here and there, which looks like a gap where there is none. Integers up to 2^53 us (285 years) are exact.
 */
export const US_PER_MS = 1000

/** `ms` as whole microseconds, to the nearest. */
export function toUs(ms: number): number {
  return Math.round(ms * US_PER_MS)
}

/** The monotonic clock in whole microseconds. */
export function nowUs(clock: Clock): number {
  return Math.round(clock.nowMs() * US_PER_MS)
}
