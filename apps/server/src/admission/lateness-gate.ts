/** So many seconds on end, because one may be late for any reason, and a gate that flutters helps nobody. */
const LATE_SECONDS = 3
const CALM_SECONDS = 5
/** What is calm: at a limit that is just kept, the next call would break it. */
const CALM_SHARE = 0.5

/** Shut while the process is late, by what is measured once a second. With a limit of 0 it is never shut. */
export class LatenessGate {
  readonly #limitMs: number
  #shut = false
  /** Seconds that spoke for the other state, one after the other. */
  #against = 0

  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  get isShut(): boolean {
    return this.#shut
  }

  /** One second: how late the process was for most of it. */
  tell(latenessMs: number): void {
    if (this.#limitMs === 0) return
    const speaksAgainst = this.#shut ? latenessMs <= this.#limitMs * CALM_SHARE : latenessMs > this.#limitMs
    this.#against = speaksAgainst ? this.#against + 1 : 0
    if (this.#against < (this.#shut ? CALM_SECONDS : LATE_SECONDS)) return
    this.#shut = !this.#shut
    this.#against = 0
  }
}
