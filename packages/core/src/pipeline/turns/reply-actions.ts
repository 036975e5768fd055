import type { ToolOutcome } from '../../tools/tool-box.ts'
import type { TurnAction } from './turn-state.ts'

/** What the turn rules may ask of the reply in progress. */
export type ReplyAction = Exclude<
  TurnAction,
  {
    type: 'start-timer' | 'stop-timer' | 'hang-up' | 'turn-end-missed' | 'final-repeated' | 'words-overheard'
  }
>

/** What a tool asked for, to happen once the caller has heard the reply. */
export type ReplyEnd = NonNullable<ToolOutcome['thenEnd']> & {
  /** It did not come to that: the model is told this in place of what the tool said. */
  tell(content: string): void
}

/**
 * Holds the one reply of the call (and, before the turn has ended, the one being prepared), and does with it what
 * the turn rules say. The only place that interrupts the line.
 */
export interface ReplyDesk {
  perform(action: ReplyAction): void
  /** `fixed`: the same on every call, so that it may be kept. */
  greet(text: string, fixed: boolean): void
  speechStarted(nowMs: number): void
  /** `undefined`: words came, and no voice was heard with them. */
  speechEnded(nowMs: number | undefined): void
  close(): void
}

/** What the desk tells of. */
export interface ReplyDeskHandlers {
  /** The first audio of what is being said went out. */
  onSpeaking: () => void
  /** It is over; never told of what was cancelled. */
  onSilent: (thenEnd: ReplyEnd | undefined) => void
  /** It is over, and with it too many turns in a row have failed. */
  onFailedTooOften: () => void
  /** The last words were heard, or cannot be said: the call is to end. */
  onGaveUp: () => void
}
