import { createHash } from 'node:crypto'
import type { Awaitable } from '@kav/core'
import { OnceMemory } from '@kav/core/kit'
import { type AskParts, askFleet } from './ask.ts'
import type { FleetSession } from './session.ts'

/** What was used without the fleet and is told to it later; of more the oldest is not. */
const MAX_UNTOLD = 10_000

/** Keys that are used once in the whole fleet. The server sees their hashes only. */
export class Once {
  readonly #parts: AskParts
  readonly #used: OnceMemory
  /** Used here while the fleet did not know, with the time until which it matters. */
  readonly #untold = new Map<string, number>()

  constructor(parts: AskParts) {
    this.#parts = parts
    this.#used = new OnceMemory(parts.clock, () =>
      parts.metrics.count('directory_once_forgotten_early_total'),
    )
  }

  use(key: string, forMs: number): Awaitable<boolean> {
    const hash = createHash('sha256').update(key).digest('base64url')
    if (!this.#used.use(hash, forMs)) return false
    return askFleet(
      this.#parts,
      'once',
      (session) => session.useOnce(hash),
      () => {
        this.#keepUntold(hash, forMs)
        return true
      },
    )
  }

  /** The fleet is there again: it learns what was used meanwhile. */
  async tell(session: FleetSession): Promise<void> {
    const { clock, metrics } = this.#parts
    for (const [hash, untilMs] of this.#untold) {
      if (untilMs > clock.nowMs()) {
        // The next session goes on from here.
        const first = await session.useOnce(hash).catch(() => undefined)
        if (first === undefined) return
        metrics.count(first ? 'directory_once_told_late_total' : 'directory_once_used_twice_total')
      }
      this.#untold.delete(hash)
    }
  }

  #keepUntold(hash: string, forMs: number): void {
    this.#untold.set(hash, this.#parts.clock.nowMs() + forMs)
    if (this.#untold.size <= MAX_UNTOLD) return
    const [oldest] = this.#untold.keys()
    this.#untold.delete(oldest!)
    this.#parts.metrics.count('directory_once_forgotten_early_total')
  }
}
