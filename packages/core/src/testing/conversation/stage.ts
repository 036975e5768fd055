import type { LlmMessage } from '../../contracts/llm.ts'
import type { CallEvent } from '../../telemetry/call-events.ts'
import type { CallerSaying } from './step-schema.ts'

/** Where a script is played: on fakes with a fake clock, or on a real pipeline in real time. */
export interface ConversationStage {
  /** Everything that happened so far, in order. */
  readonly events: readonly CallEvent[]
  /** Ms since the call began. */
  readonly nowMs: number
  /** How long a step waits for what it expects, unless it says otherwise. */
  readonly patienceMs: number
  hear(saying: CallerSaying): Promise<void>
  noise(ms: number): Promise<void>
  silence(ms: number): Promise<void>
  noMedia(ms: number): Promise<void>
  press(keys: string): Promise<void>
  /** The recogniser's connection breaks. Rejects where that cannot be brought about. */
  killRecogniser(): Promise<void>
  hangUp(): Promise<void>
  /** How often the far end was told to throw away what it had not played. */
  readonly clears: number
  /** Context of the model's last request; `undefined` where it cannot be seen. */
  readonly context: readonly LlmMessage[] | undefined
  /** What the voice was given to speak; `undefined` where it cannot be seen. */
  readonly spoken: readonly string[] | undefined
  /** Who ended the call, once it is over. */
  readonly endedBy: string | undefined
  /** The number the call was handed over to; `undefined` where it was not, or where that cannot be seen. */
  readonly transferredTo: string | undefined
  close(): Promise<void>
}
