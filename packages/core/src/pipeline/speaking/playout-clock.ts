/**
 * Knows what the far end holds and what the caller has heard, from what was sent, when, and which marks returned.
 *
 * Positions count milliseconds of audio sent since the call began. `playoutEnd` is when the far end will have
 * played everything sent: `max(now, playoutEnd) + frame` for every frame. That rule is the pacing (the TX worker
 * sends while `aheadMs < LEAD_MS`), the resync after a stall (`max`), and the measure of what is unheard.
 *
 * A returned mark is the truth about its position. Earlier than foretold: the far end holds less than thought, so
 * `playoutEnd` moves back. Later: the line is that much behind, which delays what counts as heard but not the pace.
 */
export interface PlayoutClock {
  /** One frame goes out now. Returns how long the far end had nothing to play before it, 0 normally. */
  sent(nowMs: number, frameMs: number): number
  /** `clear` went out: what is unheard will never be played. */
  cleared(nowMs: number): void
  /** Everything up to `positionMs` has been played. */
  markReturned(nowMs: number, positionMs: number): void
  /** Audio the far end still holds. */
  aheadMs(nowMs: number): number
  /**
   * Position the caller has heard up to. Never above `sentMs`, never decreasing. Once audio follows a `clear` it
   * steps over what was discarded: ask before the `clear` what was heard of an utterance.
   */
  heardMs(nowMs: number): number
  readonly sentMs: number
  /** How far the line is behind, by the last mark. */
  readonly lagMs: number
}

export function createPlayoutClock(): PlayoutClock {
  let playoutEnd = -Infinity
  /** Heard for certain: a mark proved it, or an earlier answer promised it. */
  let settledMs = 0
  /** Positions before this were discarded by `clear` or played; the clock says nothing more of them. */
  let clearedAtMs = -1

  function heardMs(nowMs: number): number {
    if (clearedAtMs === clock.sentMs) return settledMs
    const unplayed = Math.max(0, playoutEnd + clock.lagMs - nowMs)
    settledMs = Math.max(settledMs, Math.min(clock.sentMs, Math.max(clearedAtMs, clock.sentMs - unplayed)))
    return settledMs
  }

  // Plain fields: V8 keeps an object with getters of its own as a slow dictionary.
  const clock: { -readonly [Key in keyof PlayoutClock]: PlayoutClock[Key] } = {
    sentMs: 0,
    lagMs: 0,
    sent(nowMs, frameMs) {
      const dryMs = playoutEnd === -Infinity ? 0 : Math.max(0, nowMs - playoutEnd)
      playoutEnd = Math.max(nowMs, playoutEnd) + frameMs
      clock.sentMs += frameMs
      return dryMs
    },
    cleared(nowMs) {
      heardMs(nowMs)
      clearedAtMs = clock.sentMs
      playoutEnd = nowMs
    },
    markReturned(nowMs, positionMs) {
      if (positionMs < clearedAtMs) return
      const foretoldMs = playoutEnd - (clock.sentMs - positionMs)
      const lateMs = nowMs - foretoldMs
      if (lateMs < 0) playoutEnd += lateMs
      clock.lagMs = Math.max(0, lateMs)
      settledMs = Math.max(settledMs, positionMs)
    },
    aheadMs: (nowMs) => Math.max(0, playoutEnd - nowMs),
    heardMs,
  }
  return clock
}
