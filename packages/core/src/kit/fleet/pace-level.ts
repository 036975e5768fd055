import type { Clock } from '../../contracts/clock.ts'
import type { Pace, PaceAnswer } from '../../contracts/call-directory.ts'

const MS_PER_SECOND = 1000

/** What a bucket holds `elapsedMs` after it held `level`. */
export function levelAfter(level: number, elapsedMs: number, { burst, perSecond }: Pace): number {
  return Math.min(burst, level + (Math.max(0, elapsedMs) * perSecond) / MS_PER_SECOND)
}

/** Whether one more may go at this level. */
export function paceAnswer(level: number, { perSecond }: Pace): PaceAnswer {
  return level >= 1
    ? { go: true }
    : { go: false, retryInMs: Math.ceil(((1 - level) * MS_PER_SECOND) / perSecond) }
}

/** Keeps the pace of one key in one process. */
export class PaceBucket {
  readonly #clock: Clock
  #level: number | undefined
  #filledMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  take(pace: Pace): PaceAnswer {
    const nowMs = this.#clock.nowMs()
    const level =
      this.#level === undefined ? pace.burst : levelAfter(this.#level, nowMs - this.#filledMs, pace)
    const answer = paceAnswer(level, pace)
    this.#level = answer.go ? level - 1 : level
    this.#filledMs = nowMs
    return answer
  }
}
