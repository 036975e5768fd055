import { type Clock } from '../../contracts/clock.ts'
import { MAX_ONCE_MS } from '../../contracts/call-directory.ts'

/** Twice what a million calls an hour need in a minute's tokens. */
const MAX_KEYS = 100_000

/** Keys that were used, each until its time is over. Of more than 100,000 the oldest is forgotten early. */
export class OnceMemory {
  readonly #clock: Clock
  readonly #onForgottenEarly: () => void
  readonly #untilMs = new Map<string, number>()

  constructor(clock: Clock, onForgottenEarly: () => void) {
    this.#clock = clock
    this.#onForgottenEarly = onForgottenEarly
  }

  /** Whether it is the first use. Throws a RangeError for a time that is none or too long. */
  use(key: string, forMs: number): boolean {
    if (!(forMs > 0 && forMs <= MAX_ONCE_MS))
      throw new RangeError(`once: ${forMs} ms; more than 0 and at most ${MAX_ONCE_MS} can be remembered`)
    const nowMs = this.#clock.nowMs()
    if ((this.#untilMs.get(key) ?? 0) > nowMs) return false
    this.#forgetExpired(nowMs)
    this.#untilMs.delete(key)
    this.#untilMs.set(key, nowMs + forMs)
    return true
  }

  /** From the oldest on, as far as they are over: with few lifetimes that is nearly all of them. */
  #forgetExpired(nowMs: number): void {
    for (const [key, untilMs] of this.#untilMs) {
      const expired = untilMs <= nowMs
      if (!expired && this.#untilMs.size < MAX_KEYS) return
      if (!expired) this.#onForgottenEarly()
      this.#untilMs.delete(key)
    }
  }
}
