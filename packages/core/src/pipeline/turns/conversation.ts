import type { OperatorAnswer } from '../../contracts/operator.ts'
import type { CallerSound } from '../hearing/voice-watch.ts'

/** What a call needs of whoever answers the caller: stages of their own, or one speech-to-speech session. */
export interface Conversation {
  /** Warms what can be warmed, and speaks the greeting. */
  start(): void
  /** `near`: as loud as the caller. */
  voiceStarted(nowMs: number, near: boolean): void
  /** A voice that was quieter has become as loud as the caller. */
  voiceIsNear?(nowMs: number): void
  callerSounds?(sound: CallerSound): void
  /** `endedMs`: when the last voiced audio arrived, before the hangover. `own`: it was the agent's echo. */
  voiceStopped(endedMs: number, own: boolean): void
  onDtmf(digit: string): void
  readonly operator: OperatorSide
  /** Cancels whatever runs; nothing starts any more. */
  close(): void
}

/** What operators have the agent do. */
export interface OperatorSide {
  say(text: string, at: 'turn' | 'once'): OperatorAnswer
  whisper(text: string): OperatorAnswer
  interrupt(): void
  keys(digits: string): OperatorAnswer
  /** What the caller has heard by now of what is being said. Absent: nothing is, or it is not known. */
  heardSoFar(): HeardSoFar | undefined
}

export interface HeardSoFar {
  /** As in `agent_said`. */
  readonly turn: number
  /** Of what was said so far in the turn. */
  readonly chars: number
}
