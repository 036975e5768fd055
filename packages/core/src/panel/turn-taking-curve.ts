/**
 * ServiceNow EVA's scores for the timing of one turn (ServiceNow/eva, `docs/metrics/turn_taking.md`), each from 0 to 1.
 * Its more lenient latency for turns with a tool call is not used: neither of two channels tells of one.
 */
const HARD_EARLY_MS = -500
const SWEET_SPOT_LOW_MS = 500
const SWEET_SPOT_HIGH_MS = 2000
const HARD_LATE_MS = 3500
const YIELD_HARD_MS = 2000
const OVERLAP_HARD_MS = 2000
/** To speak into a turn is never free: at most this, however short it was. */
const INTERRUPTED_AT_MOST = 0.5
/** So many of them in one turn are worth nothing. */
const INTERRUPTIONS_HARD = 3

/** An answer `latencyMs` after the caller's words: 1 between 0.5 and 2 s, nothing below -0.5 s and above 3.5 s. */
export function latencyScore(latencyMs: number): number {
  const rising = (latencyMs - HARD_EARLY_MS) / (SWEET_SPOT_LOW_MS - HARD_EARLY_MS)
  const falling = (HARD_LATE_MS - latencyMs) / (HARD_LATE_MS - SWEET_SPOT_HIGH_MS)
  return Math.max(0, Math.min(1, rising, falling))
}

/** An agent that went on for `yieldMs` after the caller began to speak over it. */
export function yieldScore(yieldMs: number): number {
  return Math.max(0, 1 - yieldMs / YIELD_HARD_MS)
}

/** An agent that began `count` times (at least once) inside the caller's turn and spoke along for `talkOverMs`. */
export function interruptedScore(count: number, talkOverMs: number): number {
  const byOverlap = 1 - talkOverMs / OVERLAP_HARD_MS
  const byCount = 1 - (count - 1) / (INTERRUPTIONS_HARD - 1)
  return INTERRUPTED_AT_MOST * Math.max(0, Math.min(byOverlap, byCount))
}
