import { toUs } from '../../kit/whole-us.ts'
import type { AlarmPart } from '../shared-alarm.ts'
import { plainWords } from './plain-words.ts'

/**
 * Recognisers that tell partials and no final, always or now and then. Once the caller has been silent for long, the
 * last partial is taken for the final that it should have been: its audio is not kept for ever, and the next words
 * are not measured against it.
 */
export interface OverdueFinal {
  voiceStarted(): void
  voiceStopped(nowMs: number): void
  /** Empty: the words were taken back. `position`: how much of the call's audio the recogniser has had. */
  partial(text: string, position: number, nowMs: number): void
  /** A final came. `true`: it says what was taken in its place already. */
  final(text: string): boolean
  /** A session was replaced: what it had begun to say is heard anew. */
  forget(): void
  /** The last partial was taken for a final, and nothing has come since: a final is about that segment. */
  taken(): boolean
  /** What the alarm was set for. */
  onDue(): void
}

/** Later than any final that is only late. */
export const FINAL_OVERDUE_MS = 3000
/** Where the last one did not come either. */
export const FINAL_OVERDUE_AGAIN_MS = 1000

export function createOverdueFinal(
  alarm: AlarmPart,
  take: (text: string, position: number) => void,
): OverdueFinal {
  let open: { readonly text: string; readonly position: number } | undefined
  let takenText: string | undefined
  let missed = false
  let voice = false

  function arm(nowMs: number): void {
    if (!open || voice) return alarm.never()
    alarm.at(toUs(nowMs + (missed ? FINAL_OVERDUE_AGAIN_MS : FINAL_OVERDUE_MS)))
  }

  function settle(): void {
    open = undefined
    takenText = undefined
    alarm.never()
  }

  return {
    voiceStarted() {
      voice = true
      alarm.never()
    },
    voiceStopped(nowMs) {
      voice = false
      arm(nowMs)
    },
    partial(text, position, nowMs) {
      settle()
      if (text !== '') open = { text, position }
      arm(nowMs)
    },
    final(text) {
      const known = takenText !== undefined && plainWords(takenText) === plainWords(text)
      settle()
      missed = false
      return known
    },
    forget: settle,
    taken() {
      return takenText !== undefined
    },
    onDue() {
      if (!open) return
      const { text, position } = open
      settle()
      takenText = text
      missed = true
      take(text, position)
    },
  }
}
