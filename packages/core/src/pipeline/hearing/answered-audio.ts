import type { AudioFormat } from '../../contracts/audio.ts'
import type { CallerAudioMemory } from './caller-audio.ts'
import { DoubtfulWords } from './doubtful-words.ts'
import type { FinalEnd } from './final-end.ts'
import type { OwedWords } from './owed-words.ts'
import type { LiveSession } from './stt-live-session.ts'
import { wholeBytes } from './whole-bytes.ts'

/** No final comes later than this behind the audio that it is about, where nobody says which that is. */
const MOST_LATE_MS = 1000
/** What a session is given in haste, as a multiple of what waited for it: more comes while it catches up. */
const HASTE = 2

export interface AnsweredAudioParts {
  readonly memory: CallerAudioMemory
  readonly format: AudioFormat
  readonly owed: Pick<OwedWords, 'final' | 'silentFrom'>
}

/**
 * How much of the caller's audio words have answered. The ring lets go of it, words that were doubtful are settled and
 * the books of what is owed are told: all three here, so that none of them knows of an answer that the others do not.
 */
export class AnsweredAudio {
  readonly #memory: CallerAudioMemory
  readonly #format: AudioFormat
  readonly #owed: AnsweredAudioParts['owed']
  readonly #doubtful = new DoubtfulWords()

  constructor({ memory, format, owed }: AnsweredAudioParts) {
    this.#memory = memory
    this.#format = format
    this.#owed = owed
  }

  /** Position before which words were told, surely or not. */
  get toldTo(): number {
    return Math.max(this.#memory.acknowledged, this.#doubtful.end)
  }

  /** A session hears from `live.base` on. `again`: so did another, which can no longer tell what it heard. */
  heardFrom(live: Pick<LiveSession, 'base' | 'again' | 'hasteTo'>, again: boolean): void {
    const { acknowledged, end } = this.#memory
    this.#doubtful.answered(acknowledged)
    if (again) live.again = this.#doubtful.heardFrom(live.base)
    live.hasteTo = live.base + HASTE * (end - live.base)
  }

  /** By a final of a session. */
  byFinal(
    live: Pick<LiveSession, 'again' | 'hasteTo'>,
    text: string,
    { time, at }: FinalEnd,
    nowMs: number,
  ): void {
    if (time !== 'none') {
      this.#memory.acknowledge(at)
      this.#doubtful.settle(live.again)
      return this.#owed.final(nowMs, at)
    }
    // The caller may have said more since it was on its way, and only a silence parts what from what.
    this.#doubtful.add(text, at)
    const sure = at - wholeBytes(this.#format, MOST_LATE_MS)
    if (sure < live.hasteTo) return this.#owed.final(nowMs, 0)
    if (sure < (this.#owed.silentFrom() ?? Infinity)) return this.#owed.final(nowMs, sure)
    this.#memory.acknowledge(sure)
    this.#doubtful.settle(undefined)
    this.#owed.final(nowMs, at)
  }

  /** By the last partial of a session, which was taken for the final that did not come. */
  byPartial(live: Pick<LiveSession, 'limit'>, position: number, nowMs: number): void {
    this.#memory.acknowledge(Math.min(position, live.limit))
    this.#doubtful.settle(undefined)
    this.#owed.final(nowMs, position)
  }

  /** By a session that was replaced and has told all that it heard. */
  bySession({ answersTo }: Pick<LiveSession, 'answersTo'>): void {
    this.#memory.acknowledge(answersTo)
    this.#doubtful.settle(undefined)
  }

  /** By words of this stretch alone, which nobody may have read yet. Returns what of them was not told before. */
  byUtterance(heard: string, from: number, end: number, nowMs: number): string {
    const text = this.#doubtful.heardFrom(from)?.inFinal(heard) ?? heard
    this.#memory.acknowledgeUnread(end)
    this.#doubtful.settle(undefined)
    this.#owed.final(nowMs, end)
    return text
  }
}
