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
  readonly onMute: (silentMs: number, nextRoute: boolean) => void
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
  const { alarm } = parts
  /** Voice since the session opened or said anything, up to `sinceMs`. */
  let unheardMs = 0
  let sinceMs: number | undefined
  let limitMs = WATCHDOG_MS
  let spoke = false
  let muteReplacements = 0

  function restart(nowMs: number): void {
    unheardMs = 0
    if (sinceMs !== undefined) sinceMs = nowMs
    arm(nowMs)
  }

  function arm(nowMs: number): void {
    if (sinceMs === undefined) return alarm.never()
    alarm.at(toUs(nowMs + Math.max(0, limitMs - unheardMs)))
  }

  function suspect(silentMs: number): void {
    if (parts.partialOpen()) return parts.onDeaf(silentMs)
    if (!spoke) {
      if (muteReplacements === MUTE_REPLACEMENTS) return
      muteReplacements++
      return parts.onMute(silentMs, muteReplacements > 1)
    }
    void parts.wordsInVoice(silentMs)?.then((words) => {
      // It may have come to its senses meanwhile.
      if (words && unheardMs > 0) parts.onDeaf(silentMs)
    })
  }

  return {
    voiceStarted(nowMs) {
      sinceMs = nowMs
      arm(nowMs)
    },
    voiceStopped(nowMs) {
      if (sinceMs !== undefined) unheardMs += nowMs - sinceMs
      sinceMs = undefined
      alarm.never()
    },
    sessionOpened(nowMs) {
      spoke = false
      restart(nowMs)
    },
    heardFrom(nowMs) {
      spoke = true
      muteReplacements = 0
      limitMs = WATCHDOG_MS
      restart(nowMs)
    },
    onDue(nowMs) {
      if (sinceMs === undefined) return
      unheardMs += nowMs - sinceMs
      sinceMs = nowMs
      const silentMs = limitMs
      // In vain: the next suspicion needs more.
      limitMs = Math.min(limitMs * 2, MAX_WATCHDOG_MS)
      suspect(silentMs)
      arm(nowMs)
    },
  }
}
