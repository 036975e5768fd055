/** Lines of one kind at once, and one more each second. */
export const LINES_AT_ONCE = 5
const LINES_PER_SECOND = 1

/** How many lines of one kind may be written now, and how many were left out since the last that was. */
export class LineBudget {
  #lines = LINES_AT_ONCE
  #filledAtMs: number
  #leftOut = 0

  constructor(nowMs: number) {
    this.#filledAtMs = nowMs
  }

  /** False: this one is left out. */
  take(nowMs: number): boolean {
    const earned = ((nowMs - this.#filledAtMs) / 1000) * LINES_PER_SECOND
    this.#lines = Math.min(LINES_AT_ONCE, this.#lines + earned)
    this.#filledAtMs = nowMs
    if (this.#lines < 1) {
      this.#leftOut++
      return false
    }
    this.#lines--
    return true
  }

  /** They are told of, and counted from none again. */
  takeLeftOut(): number {
    const leftOut = this.#leftOut
    this.#leftOut = 0
    return leftOut
  }
}
