import type { Clock } from '../contracts/clock.ts'

/** So many at once, and so many a second in the long run. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** Lets through what a rate allows; whoever asks says what becomes of the rest. */
export class TokenBucket {
  readonly #rate: Rate
  readonly #clock: Clock
  #tokens: number
  #filledMs: number

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate
    this.#clock = clock
    this.#tokens = rate.burst
    this.#filledMs = clock.nowMs()
  }

  /** Whether one more is within the rate. */
  take(): boolean {
    this.#fill()
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }

  #fill(): void {
    const nowMs = this.#clock.nowMs()
    const earned = ((nowMs - this.#filledMs) * this.#rate.perSecond) / 1000
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + earned)
    this.#filledMs = nowMs
  }
}
