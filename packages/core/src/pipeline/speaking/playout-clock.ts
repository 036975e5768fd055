import { toUs, US_PER_MS } from '../../kit/whole-us.ts'

/**
 * Knows what the far end holds and what the caller has heard, from what was sent, when, and which marks returned.
 *
 * Positions count audio sent since the call began. `playoutEnd` is when the far end will have played everything
 * sent: `max(now, playoutEnd) + frame` for every frame. That rule is the pacing (the TX worker sends while
 * `aheadUs < LEAD_MS`), the resync after a stall (`max`), and the measure of what is unheard. All of it is in whole
 * microseconds.
 *
 * A returned mark is the truth about its position. Earlier than foretold: the far end holds less than thought, so
 * `playoutEnd` moves back. Later: the line is that much behind, which delays what counts as heard but not the pace.
 */
export interface PlayoutClock {
  /** One frame goes out now. Returns how long the far end had nothing to play before it, 0 normally. */
  sent(nowUs: number, frameUs: number): number
  /** `clear` went out: what is unheard will never be played. */
  cleared(nowUs: number): void
  /** Everything up to `positionUs` has been played. */
  markReturned(nowUs: number, positionUs: number): void
  /** Audio the far end still holds. */
  aheadUs(nowUs: number): number
  /** Since when, or from when on, the far end holds no more than `leadUs`. `-Infinity` before the first frame. */
  reachesUs(leadUs: number): number
  /**
   * Position the caller has heard up to. Never above `sentMs`, never decreasing. Once audio follows a `clear` it
   * steps over what was discarded: ask before the `clear` what was heard of an utterance.
   */
  heardMs(nowMs: number): number
  readonly sentUs: number
  readonly sentMs: number
  /** How far the line is behind, by the last mark. */
  readonly lagUs: number
}

export function createPlayoutClock(): PlayoutClock {
  return new Playout()
}

/** A class: its fields are read and written for every frame. */
class Playout implements PlayoutClock {
  sentUs = 0
  lagUs = 0
  #playoutEndUs = -Infinity
  /** Heard for certain: a mark proved it, or an earlier answer promised it. */
  #settledUs = 0
  /** Positions before this were discarded by `clear` or played; the clock says nothing more of them. */
  #clearedAtUs = -1

  get sentMs(): number {
    return this.sentUs / US_PER_MS
  }

  sent(nowUs: number, frameUs: number): number {
    const endUs = this.#playoutEndUs
    const dryUs = endUs === -Infinity ? 0 : Math.max(0, nowUs - endUs)
    this.#playoutEndUs = Math.max(nowUs, endUs) + frameUs
    this.sentUs += frameUs
    return dryUs
  }

  cleared(nowUs: number): void {
    this.#heardUs(nowUs)
    this.#clearedAtUs = this.sentUs
    this.#playoutEndUs = nowUs
  }

  markReturned(nowUs: number, positionUs: number): void {
    if (positionUs < this.#clearedAtUs) return
    const foretoldUs = this.#playoutEndUs - (this.sentUs - positionUs)
    const lateUs = nowUs - foretoldUs
    if (lateUs < 0) this.#playoutEndUs += lateUs
    this.lagUs = Math.max(0, lateUs)
    this.#settledUs = Math.max(this.#settledUs, positionUs)
  }

  aheadUs(nowUs: number): number {
    return Math.max(0, this.#playoutEndUs - nowUs)
  }

  reachesUs(leadUs: number): number {
    return this.#playoutEndUs - leadUs
  }

  heardMs(nowMs: number): number {
    return this.#heardUs(toUs(nowMs)) / US_PER_MS
  }

  #heardUs(nowUs: number): number {
    if (this.#clearedAtUs === this.sentUs) return this.#settledUs
    const unplayedUs = Math.max(0, this.#playoutEndUs + this.lagUs - nowUs)
    const playedUs = Math.max(this.#clearedAtUs, this.sentUs - unplayedUs)
    this.#settledUs = Math.max(this.#settledUs, Math.min(this.sentUs, playedUs))
    return this.#settledUs
  }
}
