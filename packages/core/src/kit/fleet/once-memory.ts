import type { Clock } from '../../contracts/clock.ts'
import { MAX_ONCE_MS } from '../../contracts/call-directory.ts'
import { ExpiringMap } from '../expiring-map.ts'

/** Twice what a million calls an hour need in a minute's tokens. */
const MAX_KEYS = 100_000

/** Keys that were used, each until its time is over. Of more than 100,000 the oldest is forgotten early. */
export class OnceMemory {
  readonly #used: ExpiringMap<true>

  constructor(clock: Pick<Clock, 'nowMs'>, onForgottenEarly: () => void) {
    this.#used = new ExpiringMap({ clock, maxKeys: MAX_KEYS, onForgottenEarly })
  }

  /** Whether it is the first use. Throws a RangeError for a time that is none or too long. */
  use(key: string, forMs: number): boolean {
    if (!(forMs > 0 && forMs <= MAX_ONCE_MS))
      throw new RangeError(`once: ${forMs} ms; more than 0 and at most ${MAX_ONCE_MS} can be remembered`)
    if (this.#used.get(key)) return false
    this.#used.set(key, true, forMs)
    return true
  }
}
