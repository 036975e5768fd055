import type { Awaitable, Pace, PaceAnswer } from '@kav/core'
import { levelAfter, paceAnswer, PaceBucket } from '@kav/core/kit'
import { ASK_MS, type AskParts, askFleet } from './ask.ts'
import { entryKey } from './names.ts'
import type { NodeLeases } from './node-leases.ts'
import type { BucketEntry, FleetSession } from './session.ts'
import { encode, readPace } from './wire.ts'

/** Others that were first, one after the other, before this node waits a little. */
const MAX_TURNS = 20

interface Level {
  readonly level: number
  readonly revision: number
  /** When this node heard of it, by its own clock: it was written before, so no more was earned since than it thinks. */
  readonly heardMs: number
}

export interface PacesParts extends AskParts {
  readonly leases: NodeLeases
}

/**
 * So many a second for all nodes together. The level stands in the bucket; who takes one writes what is left, on the
 * condition that nobody has written since, and what was earned meanwhile he reads from his own clock alone.
 */
export class Paces {
  readonly #parts: PacesParts
  readonly #levels = new Map<string, Level>()
  readonly #alone = new Map<string, PaceBucket>()

  constructor(parts: PacesParts) {
    this.#parts = parts
  }

  told(key: string, { revision, value }: BucketEntry): void {
    if ((this.#levels.get(key)?.revision ?? 0) >= revision) return
    // One that was let go of is full by now; of one that cannot be read nothing is known but that somebody wrote it.
    const level = value === undefined ? Infinity : (readPace(value)?.level ?? 0)
    this.#levels.set(key, { level, revision, heardMs: this.#parts.clock.nowMs() })
  }

  /** A new session tells anew: its bucket may be another one. */
  begin(): void {
    this.#levels.clear()
  }

  take(key: string, pace: Pace): Awaitable<PaceAnswer> {
    return askFleet(
      this.#parts,
      'pace',
      (session) => this.#takeOne(session, key, pace),
      () => this.#takeAlone(key, pace),
    )
  }

  async #takeOne(session: FleetSession, key: string, pace: Pace): Promise<PaceAnswer> {
    const { clock } = this.#parts
    const bucketKey = entryKey('pace', key)
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      const last = this.#levels.get(key)
      const level =
        last === undefined ? pace.burst : levelAfter(last.level, clock.nowMs() - last.heardMs, pace)
      const answer = paceAnswer(level, pace)
      if (!answer.go) return answer
      const value = encode({ level: level - 1 })
      const revision = await session.put(bucketKey, value, last?.revision ?? 0)
      if (revision !== undefined) {
        this.told(key, { key, revision, value })
        return answer
      }
      await this.#lookAgain(session, key, bucketKey)
    }
    return { go: false, retryInMs: ASK_MS }
  }

  /** Somebody was first, or the server has let go of the key. */
  async #lookAgain(session: FleetSession, key: string, bucketKey: string): Promise<void> {
    const now = await session.last(bucketKey)
    if (now === undefined) this.#levels.delete(key)
    else this.told(key, now)
  }

  /** A share: the others go on, too, each with its own. */
  #takeAlone(key: string, { burst, perSecond }: Pace): PaceAnswer {
    const nodes = this.#parts.leases.heard + 1
    const bucket = this.#alone.get(key) ?? new PaceBucket(this.#parts.clock)
    this.#alone.set(key, bucket)
    return bucket.take({ burst: Math.max(1, Math.floor(burst / nodes)), perSecond: perSecond / nodes })
  }
}
