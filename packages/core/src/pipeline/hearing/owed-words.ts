import { type AudioFormat, bytesPerSecond } from '../../contracts/audio.ts'
import { toUs } from '../../kit/whole-us.ts'
import type { AlarmPart } from '../shared-alarm.ts'
import type { CallerAudioMemory } from './caller-audio.ts'

/**
 * Whether words are owed to the caller, by what the voice detector and the recogniser say; it decides how much of
 * the caller's audio must be kept for a session that would have to hear it again.
 *
 * | state                                              | kept of what was read                              |
 * |----------------------------------------------------|----------------------------------------------------|
 * | voice, or a partial that no final has closed       | all since the last final                           |
 * | voice has ended that no final has answered         | all since the last final, for 30 s after its end   |
 * | silence, everything answered                       | the last second, from 2 s after the last of both   |
 */
export interface OwedWords {
  voiceStarted(nowMs: number): void
  voiceStopped(nowMs: number): void
  /** A partial: words are owed until a final closes them. Empty: they were taken back. */
  partial(text: string, nowMs: number): void
  /** A final; the memory knows up to where it answered. */
  final(nowMs: number): void
  /** A session was replaced: what it had begun to say is heard anew. */
  forgetPartial(): void
  voice(): boolean
  /** Voice was heard that no final has answered. */
  unansweredVoice(): boolean
  /** A partial stands that no final has closed. */
  partialOpen(): boolean
  /** What the alarm was set for. */
  onDue(): void
}

/** Kept of silence: what a detector needs to say that it is none any more. */
const SILENCE_KEPT_MS = 1000
const ANSWERED_KEPT_MS = 2000
const UNANSWERED_KEPT_MS = 30_000
/** Words end before the detector says that voice has: its hangover, and what it takes for voice behind a word. */
const VOICE_TAIL_MS = 1000

export function createOwedWords(memory: CallerAudioMemory, format: AudioFormat, alarm: AlarmPart): OwedWords {
  return new Owed(memory, format, alarm)
}

class Owed implements OwedWords {
  readonly #memory: CallerAudioMemory
  readonly #alarm: AlarmPart
  readonly #tailBytes: number
  #voice = false
  #unansweredVoice = false
  #partialOpen = false
  #lastSoundMs = 0
  /** A final that answers up to here answers all voice there was: one may come while a session still catches up. */
  #voiceEnd = 0

  constructor(memory: CallerAudioMemory, format: AudioFormat, alarm: AlarmPart) {
    this.#memory = memory
    this.#alarm = alarm
    this.#tailBytes = (bytesPerSecond(format) * VOICE_TAIL_MS) / 1000
    this.#judge()
  }

  voiceStarted(): void {
    this.#voice = true
    this.#unansweredVoice = true
    this.#judge()
  }

  voiceStopped(nowMs: number): void {
    this.#voice = false
    this.#voiceEnd = this.#memory.end - this.#tailBytes
    this.#lastSoundMs = nowMs
    this.#judge()
  }

  partial(text: string, nowMs: number): void {
    this.#partialOpen = text !== ''
    this.#lastSoundMs = nowMs
    this.#judge()
  }

  final(nowMs: number): void {
    this.#partialOpen = false
    this.#unansweredVoice = this.#voice || this.#memory.acknowledged < this.#voiceEnd
    this.#lastSoundMs = nowMs
    this.#judge()
  }

  forgetPartial(): void {
    this.#partialOpen = false
    this.#judge()
  }

  voice(): boolean {
    return this.#voice
  }

  unansweredVoice(): boolean {
    return this.#unansweredVoice
  }

  partialOpen(): boolean {
    return this.#partialOpen
  }

  onDue(): void {
    this.#memory.forgetSilenceBefore(SILENCE_KEPT_MS)
  }

  #judge(): void {
    this.#memory.forgetSilenceBefore(undefined)
    if (this.#voice || this.#partialOpen) return this.#alarm.never()
    const keptMs = this.#unansweredVoice ? UNANSWERED_KEPT_MS : ANSWERED_KEPT_MS
    this.#alarm.at(toUs(this.#lastSoundMs + keptMs))
  }
}
