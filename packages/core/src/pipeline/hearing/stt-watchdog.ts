import { toUs } from '../../kit/whole-us.ts'
import type { AlarmPart } from '../shared-alarm.ts'

/**
 * Notices a session that has gone deaf, such as one on a connection of which only one half is still there.
 *
 * Voice alone proves nothing: a television is voice, and a recogniser is right to say nothing to it. So a session is
 * given up only on evidence that a *word* was due:
 *
 * | after 5 s of voice in all without anything from the session | then                                            |
 * |--------------------------------------------------------------|-------------------------------------------------|
 * | a partial stands that it never closed                        | it is lost                                      |
 * | it has never said anything at all                            | a new one takes over, beside it, without blame; |
 * |                                                              | once on this route and once on the next, then   |
 * |                                                              | not before a session has said something         |
 * | otherwise                                                    | the provider is asked to recognise that voice    |
 * |                                                              | in one request: words in it, and it is lost     |
 */
export interface SttWatchdog {
  voiceStarted(nowMs: number): void
  voiceStopped(nowMs: number): void
  /** A new session hears from now on. */
  sessionOpened(nowMs: number): void
  /** The session said something. */
  heardFrom(nowMs: number): void
  /** What the alarm was set for. */
  onDue(nowMs: number): void
}

export interface SttWatchdogParts {
  readonly alarm: AlarmPart
  /** A partial stands that no final has closed. */
  readonly partialOpen: () => boolean
  /** The session is deaf: it is to be treated as lost. */
  readonly onDeaf: (silentMs: number) => void
  /** The session has never said a word: another takes over. `nextRoute`: on the next route. */
  readonly onMute: (nextRoute: boolean) => void
  /** Whether there were words in the voice of the last `ms`, by another way; `undefined` where there is none. */
  readonly wordsInVoice: (ms: number) => Promise<boolean> | undefined
}

/** Voice this long in all without a word from the session. */
export const WATCHDOG_MS = 5000
/** It doubles each time it is in vain, up to what the ring holds. */
const MAX_WATCHDOG_MS = 40_000
/** Sessions that may follow one another without a word of any of them. */
const MUTE_REPLACEMENTS = 2

export function createSttWatchdog(parts: SttWatchdogParts): SttWatchdog {
  return new Watchdog(parts)
}

class Watchdog implements SttWatchdog {
  readonly #parts: SttWatchdogParts
  /** Voice since the session opened or said anything, up to `#sinceMs`. */
  #unheardMs = 0
  #sinceMs: number | undefined
  #limitMs = WATCHDOG_MS
  #spoke = false
  #muteReplacements = 0

  constructor(parts: SttWatchdogParts) {
    this.#parts = parts
  }

  voiceStarted(nowMs: number): void {
    this.#sinceMs = nowMs
    this.#arm(nowMs)
  }

  voiceStopped(nowMs: number): void {
    if (this.#sinceMs !== undefined) this.#unheardMs += nowMs - this.#sinceMs
    this.#sinceMs = undefined
    this.#parts.alarm.never()
  }

  sessionOpened(nowMs: number): void {
    this.#spoke = false
    this.#restart(nowMs)
  }

  heardFrom(nowMs: number): void {
    this.#spoke = true
    this.#muteReplacements = 0
    this.#limitMs = WATCHDOG_MS
    this.#restart(nowMs)
  }

  onDue(nowMs: number): void {
    if (this.#sinceMs === undefined) return
    this.#unheardMs += nowMs - this.#sinceMs
    this.#sinceMs = nowMs
    const silentMs = this.#limitMs
    // In vain: the next suspicion needs more.
    this.#limitMs = Math.min(silentMs * 2, MAX_WATCHDOG_MS)
    this.#suspect(silentMs)
    this.#arm(nowMs)
  }

  #restart(nowMs: number): void {
    this.#unheardMs = 0
    if (this.#sinceMs !== undefined) this.#sinceMs = nowMs
    this.#arm(nowMs)
  }

  #arm(nowMs: number): void {
    const { alarm } = this.#parts
    if (this.#sinceMs === undefined) return alarm.never()
    alarm.at(toUs(nowMs + Math.max(0, this.#limitMs - this.#unheardMs)))
  }

  #suspect(silentMs: number): void {
    const { partialOpen, onDeaf, onMute, wordsInVoice } = this.#parts
    if (partialOpen()) return onDeaf(silentMs)
    if (!this.#spoke) {
      if (this.#muteReplacements === MUTE_REPLACEMENTS) return
      this.#muteReplacements++
      return onMute(this.#muteReplacements > 1)
    }
    void wordsInVoice(silentMs)?.then((words) => {
      // It may have come to its senses meanwhile.
      if (words && this.#unheardMs > 0) onDeaf(silentMs)
    })
  }
}
