import type { Clock } from '@kav/core'

/** The clock is looked at only once in so many: this runs for every frame. */
const CHECK_EVERY = 64
/** What may come at once: a stalled connection delivers all it held back. */
const BURST_SECONDS = 6

/** Allows so many of something a second on average, with a burst on top. */
export class FloodGuard {
  readonly #perSecond: number
  readonly #clock: Clock
  readonly #checkEvery: number
  #sinceCheck = 0
  #level = 0
  #checkedAtMs: number
  #flooded = false

  constructor(perSecond: number, clock: Clock, checkEvery = CHECK_EVERY) {
    this.#perSecond = perSecond
    this.#checkEvery = checkEvery
    this.#clock = clock
    this.#checkedAtMs = clock.nowMs()
  }

  /** Counts them; true from the moment there have been too many. */
  isFlooded(count = 1): boolean {
    this.#sinceCheck += count
    if (this.#sinceCheck >= this.#checkEvery) this.#check()
    return this.#flooded
  }

  #check(): void {
    const nowMs = this.#clock.nowMs()
    const drained = ((nowMs - this.#checkedAtMs) * this.#perSecond) / 1000
    this.#level = Math.max(0, this.#level - drained) + this.#sinceCheck
    this.#checkedAtMs = nowMs
    this.#sinceCheck = 0
    this.#flooded ||= this.#level > this.#perSecond * BURST_SECONDS
  }
}
