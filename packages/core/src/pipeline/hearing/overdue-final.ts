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
  return new Overdue(alarm, take)
}

class Overdue implements OverdueFinal {
  readonly #alarm: AlarmPart
  readonly #take: (text: string, position: number) => void
  #open: { readonly text: string; readonly position: number } | undefined
  #takenText: string | undefined
  #missed = false
  #voice = false

  constructor(alarm: AlarmPart, take: (text: string, position: number) => void) {
    this.#alarm = alarm
    this.#take = take
  }

  voiceStarted(): void {
    this.#voice = true
    this.#alarm.never()
  }

  voiceStopped(nowMs: number): void {
    this.#voice = false
    this.#arm(nowMs)
  }

  partial(text: string, position: number, nowMs: number): void {
    this.forget()
    if (text !== '') this.#open = { text, position }
    this.#arm(nowMs)
  }

  final(text: string): boolean {
    const known = this.taken() && plainWords(this.#takenText!) === plainWords(text)
    this.forget()
    this.#missed = false
    return known
  }

  forget(): void {
    this.#open = undefined
    this.#takenText = undefined
    this.#alarm.never()
  }

  taken(): boolean {
    return this.#takenText !== undefined
  }

  onDue(): void {
    if (!this.#open) return
    const { text, position } = this.#open
    this.forget()
    this.#takenText = text
    this.#missed = true
    this.#take(text, position)
  }

  #arm(nowMs: number): void {
    if (!this.#open || this.#voice) return this.#alarm.never()
    this.#alarm.at(toUs(nowMs + (this.#missed ? FINAL_OVERDUE_AGAIN_MS : FINAL_OVERDUE_MS)))
  }
}
