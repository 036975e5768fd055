import { toUs, US_PER_MS } from '../../kit/whole-us.ts'
import { type ArrivalTimes, createArrivalTimes } from '../arrival-times.ts'

/**
 * Knows what the far end holds and what the caller has heard, from what was sent, when, and which marks returned.
 *
 * Positions count the *voice* sent since the call began: words are cut by them, and sound in the voice's silence (the
 * background) must not move them. `playoutEnd` is when the far end will have played everything sent, of either kind:
 * `max(now, playoutEnd) + frame` for every frame. That rule is the pacing (the TX worker sends while `aheadUs <
 * LEAD_MS`), the resync after a stall (`max`), and the measure of what is unheard. All of it is in whole microseconds.
 *
 * A returned mark is the truth about its place. Earlier than foretold: the far end holds less than thought, so
 * `playoutEnd` moves back. Later: the line is that much behind, which delays what counts as heard but not the pace.
 */
export interface PlayoutClock {
  /** A frame of voice goes out now. Returns how long there was no voice at the far end before it, 0 normally. */
  sent(nowUs: number, frameUs: number): number
  /** A frame without voice goes out now: the far end has something to play, and no position moves. */
  filled(nowUs: number, frameUs: number): void
  /** `clear` went out: what is unheard will never be played. Returns how much that is. */
  cleared(nowUs: number): number
  /** Where a mark stands that goes out now. */
  place(): WirePlace
  /** Everything before that place has been played. */
  markReturned(nowUs: number, place: WirePlace): void
  /** Audio the far end still holds. */
  aheadUs(nowUs: number): number
  /** How long it still plays until there is nothing but background. */
  voiceAheadUs(nowUs: number): number
  /** Since when, or from when on, the far end holds no more than `leadUs`. `-Infinity` before the first frame. */
  reachesUs(leadUs: number): number
  /**
   * Position the caller has heard up to. Never above `sentMs`, never decreasing. Once voice follows a `clear` it
   * steps over what was discarded: ask before the `clear` what was heard of an utterance.
   */
  heardMs(nowMs: number): number
  readonly sentMs: number
  /** As of `FloorGrant`. */
  readonly playedBetween: ArrivalTimes['between']
  /** How far the line is behind, by the last mark. */
  readonly lagUs: number
}

/** A place between two frames on the wire. */
export interface WirePlace {
  /** Voice before it. */
  readonly positionUs: number
  /** Audio of either kind before it. */
  readonly wireUs: number
}

export function createPlayoutClock(): PlayoutClock {
  return new Playout()
}

/** A class: its fields are read and written for every frame. */
class Playout implements PlayoutClock {
  lagUs = 0
  /** By position in ms. */
  readonly #played = createArrivalTimes(1)
  /** Voice sent. */
  #sentUs = 0
  /** Audio of either kind sent. */
  #wireUs = 0
  /** The last stretch without voice, in audio sent before its begin and end. */
  #fillStartUs = 0
  #fillEndUs = 0
  #playoutEndUs = -Infinity
  /** Heard for certain: a mark proved it, or an earlier answer promised it. */
  #settledUs = 0
  /** Positions before this were discarded by `clear` or played; the clock says nothing more of them. */
  #clearedAtUs = -1
  /** The same for marks. */
  #clearedWireUs = -1

  get sentMs(): number {
    return this.#sentUs / US_PER_MS
  }

  sent(nowUs: number, frameUs: number): number {
    const withoutVoiceUs = this.#fillBehindUs() + this.#send(nowUs, frameUs)
    this.#sentUs += frameUs
    this.#played.arrived(this.sentMs, this.#playoutEndUs / US_PER_MS)
    return withoutVoiceUs
  }

  playedBetween: ArrivalTimes['between'] = (fromMs, toMs) => this.#played.between(fromMs, toMs)

  filled(nowUs: number, frameUs: number): void {
    if (this.#fillEndUs !== this.#wireUs) this.#fillStartUs = this.#wireUs
    this.#send(nowUs, frameUs)
    this.#fillEndUs = this.#wireUs
  }

  cleared(nowUs: number): number {
    const discardedUs = this.aheadUs(nowUs)
    this.#heardUs(nowUs)
    this.#clearedAtUs = this.#sentUs
    this.#clearedWireUs = this.#wireUs
    this.#playoutEndUs = nowUs
    return discardedUs
  }

  place(): WirePlace {
    return { positionUs: this.#sentUs, wireUs: this.#wireUs }
  }

  markReturned(nowUs: number, { positionUs, wireUs }: WirePlace): void {
    if (wireUs < this.#clearedWireUs) return
    const foretoldUs = this.#playoutEndUs - (this.#wireUs - wireUs)
    const lateUs = nowUs - foretoldUs
    if (lateUs < 0) this.#playoutEndUs += lateUs
    this.lagUs = Math.max(0, lateUs)
    this.#settledUs = Math.max(this.#settledUs, positionUs)
  }

  aheadUs(nowUs: number): number {
    return Math.max(0, this.#playoutEndUs - nowUs)
  }

  voiceAheadUs(nowUs: number): number {
    return Math.max(0, this.#playoutEndUs - this.#fillBehindUs() - nowUs)
  }

  reachesUs(leadUs: number): number {
    return this.#playoutEndUs - leadUs
  }

  heardMs(nowMs: number): number {
    return this.#heardUs(toUs(nowMs)) / US_PER_MS
  }

  /** Returns how long the far end had nothing to play. */
  #send(nowUs: number, frameUs: number): number {
    const endUs = this.#playoutEndUs
    this.#playoutEndUs = Math.max(nowUs, endUs) + frameUs
    this.#wireUs += frameUs
    return endUs === -Infinity ? 0 : Math.max(0, nowUs - endUs)
  }

  /** What has gone out since the last voice. */
  #fillBehindUs(): number {
    return this.#fillEndUs === this.#wireUs ? this.#fillEndUs - this.#fillStartUs : 0
  }

  #heardUs(nowUs: number): number {
    if (this.#clearedAtUs === this.#sentUs) return this.#settledUs
    const unplayedUs = Math.max(0, this.#playoutEndUs + this.lagUs - nowUs)
    const playedUs = Math.max(this.#clearedAtUs, this.#voiceBefore(this.#wireUs - unplayedUs))
    this.#settledUs = Math.max(this.#settledUs, Math.min(this.#sentUs, playedUs))
    return this.#settledUs
  }

  /**
   * Voice before a place on the wire. Of several stretches without voice the last is known: before an earlier one
   * this is too little, never too much, and by less than the far end holds.
   */
  #voiceBefore(wireUs: number): number {
    if (wireUs >= this.#fillEndUs) return this.#sentUs - (this.#wireUs - wireUs)
    const untilFillUs = this.#sentUs - (this.#wireUs - this.#fillEndUs)
    return untilFillUs - Math.max(0, this.#fillStartUs - wireUs)
  }
}
