import { type AudioFormat, bytesPerSecond } from '../../contracts/audio.ts'
import { toUs } from '../../kit/whole-us.ts'
import type { AlarmPart } from '../shared-alarm.ts'
import type { CallerAudioMemory } from './caller-audio.ts'
import { wholeBytes } from './whole-bytes.ts'

/**
 * Whether words are owed to the caller, by what the voice detector and the recogniser say; it decides how much of
 * the caller's audio must be kept for a session that would have to hear it again.
 *
 * | state                                              | kept of what was read                              |
 * |----------------------------------------------------|----------------------------------------------------|
 * | voice, or a partial that no final has closed       | all since the last final                           |
 * | voice has ended that no final has answered         | all since the last final, for 30 s after its end   |
 * | a final has answered all of it but the last second | all since that final, for 5 s after the last of both |
 * | silence, everything answered                       | the last second, from 2 s after the last of both   |
 * | nobody hears                                       | all since the last final                           |
 * | no detector tells of voice, everything answered    | the last 10 s                                      |
 *
 * Time counts from when the recogniser has had it all: one that repeats what another has heard may die of it, too.
 */
export interface OwedWords {
  voiceStarted(nowMs: number): void
  /** `endedMs`: when the last voiced audio came. */
  voiceStopped(nowMs: number, endedMs: number): void
  /** From now on nobody tells of voice. */
  voiceUnknown(): void
  /** A partial: words are owed until a final closes them. Empty: they were taken back. */
  partial(text: string, nowMs: number): void
  /** A final: all words before `toldTo` are told. */
  final(nowMs: number, toldTo: number): void
  /** Somebody hears from now on, for the first time or in the place of another, whose partial is heard anew. */
  heardBy(hearer: 'session' | 'utterances', nowMs: number): void
  heardByNobody(): void
  voice(): boolean
  /** Resolves in the next pause of the voice; at once in one. */
  pause(): Promise<void>
  /** Voice was heard that no final has answered, and it is kept. */
  unansweredVoice(): boolean
  /** Position since which the caller is silent; `undefined`: they are not, or no detector has heard them yet. */
  silentFrom(): number | undefined
  /** Where the caller was silent last, or is; `undefined`: nobody can tell. */
  silence(): Silence | undefined
  /** A partial stands that no final has closed. */
  partialOpen(): boolean
  /** What the alarm was set for. */
  onDue(nowMs: number): void
}

/** Positions. Voice begins a little before its detector notices it. */
export interface Silence {
  readonly from: number
  readonly until: number
}

/** Kept of silence: what a detector needs to say that it is none any more. */
const SILENCE_KEPT_MS = 1000
const ANSWERED_KEPT_MS = 2000
const UNANSWERED_KEPT_MS = 30_000
/** What may be words, for all that anybody knows: longer than a recogniser takes to tell of them. */
const UNKNOWN_KEPT_MS = 10_000
/** Words end before the detector says that voice has. So a tail may be none, but it may be a word that is late. */
const TAIL_MS = 1000
const TAIL_KEPT_MS = 5000

export interface OwedWordsParts {
  readonly memory: CallerAudioMemory
  readonly format: AudioFormat
  readonly alarm: AlarmPart
  /** Voice is told of. */
  readonly hasDetector: boolean
}

export function createOwedWords(parts: OwedWordsParts): OwedWords {
  return new Owed(parts)
}

class Owed implements OwedWords {
  readonly #memory: CallerAudioMemory
  readonly #alarm: AlarmPart
  readonly #format: AudioFormat
  readonly #bytesPerMs: number
  /** Somebody tells of voice. */
  #isTold: boolean
  #hearer: 'session' | 'utterances' | undefined
  /** When the alarm was set, the hearer had not been given all of the voice. */
  #isBehind = false
  #voice = false
  #partialOpen = false
  #lastSoundMs = 0
  /** Position after the last voiced audio; `undefined`: none was heard yet. */
  #voiceEnd: number | undefined
  /** Position at which the last voice was noticed. */
  #voiceStart = 0
  /** Words before this are told. */
  #toldTo = 0
  /** Wait for a pause. */
  #untilPause: (() => void)[] | undefined

  constructor({ memory, format, alarm, hasDetector }: OwedWordsParts) {
    this.#memory = memory
    this.#alarm = alarm
    this.#format = format
    this.#isTold = hasDetector
    this.#bytesPerMs = bytesPerSecond(format) / 1000
  }

  voiceStarted(nowMs: number): void {
    this.#voice = true
    this.#voiceStart = this.#memory.end
    this.#lastSoundMs = nowMs
    this.#judge()
  }

  voiceStopped(nowMs: number, endedMs: number): void {
    this.#voice = false
    this.#voiceEnd = this.#memory.end - wholeBytes(this.#format, Math.max(0, nowMs - endedMs))
    this.#lastSoundMs = nowMs
    for (const paused of this.#untilPause ?? []) paused()
    this.#untilPause = undefined
    this.#judge()
  }

  voiceUnknown(): void {
    this.#isTold = false
    this.#voiceEnd = undefined
    this.#judge()
  }

  partial(text: string, nowMs: number): void {
    this.#partialOpen = text !== ''
    this.#lastSoundMs = nowMs
    this.#judge()
  }

  final(nowMs: number, toldTo: number): void {
    this.#partialOpen = false
    this.#toldTo = Math.max(this.#toldTo, toldTo)
    this.#lastSoundMs = nowMs
    this.#judge()
  }

  heardBy(hearer: 'session' | 'utterances', nowMs: number): void {
    this.#hearer = hearer
    this.#isBehind = this.#hasMoreToRead()
    this.#partialOpen = false
    this.#lastSoundMs = nowMs
    this.#judge()
  }

  heardByNobody(): void {
    this.#hearer = undefined
    this.#judge()
  }

  voice(): boolean {
    return this.#voice
  }

  async pause(): Promise<void> {
    if (!this.#voice) return
    await new Promise<void>((resolve) => (this.#untilPause ??= []).push(resolve))
  }

  unansweredVoice(): boolean {
    return this.#voice || this.#unansweredBytes() > 0
  }

  silentFrom(): number | undefined {
    return this.#voice ? undefined : this.#voiceEnd
  }

  silence(): Silence | undefined {
    if (!this.#isTold) return undefined
    return { from: this.#voiceEnd ?? 0, until: this.#voice ? this.#voiceStart : this.#memory.end }
  }

  partialOpen(): boolean {
    return this.#partialOpen
  }

  onDue(nowMs: number): void {
    const wasBehind = this.#isBehind
    this.#isBehind = this.#hasMoreToRead()
    if (!wasBehind && !this.#isBehind) return this.#memory.forgetSilenceBefore(this.#silenceKeptMs())
    this.#lastSoundMs = nowMs
    this.#judge()
  }

  #hasMoreToRead(): boolean {
    const { end, readPosition } = this.#memory
    return readPosition < (this.#voiceEnd ?? end - this.#silenceKeptMs() * this.#bytesPerMs)
  }

  #silenceKeptMs(): number {
    return this.#isTold ? SILENCE_KEPT_MS : UNKNOWN_KEPT_MS
  }

  /** A final may come while a session still catches up: it answers voice only as far as it reaches. */
  #unansweredBytes(): number {
    const { acknowledged } = this.#memory
    return Math.max(0, (this.#voiceEnd ?? 0) - Math.max(acknowledged, this.#toldTo))
  }

  #judge(): void {
    this.#memory.forgetSilenceBefore(undefined)
    if (this.#voice || this.#partialOpen || !this.#hearer) return this.#alarm.never()
    this.#alarm.at(toUs(this.#lastSoundMs + this.#keptMs()))
  }

  #keptMs(): number {
    const unanswered = this.#unansweredBytes()
    if (unanswered === 0) return ANSWERED_KEPT_MS
    const isTail = this.#hearer === 'session' && unanswered <= TAIL_MS * this.#bytesPerMs
    return isTail ? TAIL_KEPT_MS : UNANSWERED_KEPT_MS
  }
}
