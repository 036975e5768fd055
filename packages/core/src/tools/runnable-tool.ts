import type { AudioFormat } from '../contracts/audio.ts'
import type { Clock } from '../contracts/clock.ts'
import type { LlmTool } from '../contracts/llm.ts'
import type { CutBy } from '../kit/cut.ts'
import type { ToolOutcome } from './tool-box.ts'
import type { ArgumentCheck } from './argument-check.ts'
import type { ToolFiller } from './tool-settings.ts'

export type ToolArguments = Readonly<Record<string, unknown>>

/** `cut`: the far end played so much of the frames and no more. */
export type TonesPlayed =
  | { readonly outcome: 'played'; readonly playedMs: number }
  | { readonly outcome: 'cut'; readonly by: CutBy; readonly playedMs: number }

/** What a tool has of the call it runs in. */
export interface ToolCallScope {
  readonly callId: string
  /** Values that came with the call: `<Parameter>`s and webhook fields. */
  readonly params: Readonly<Record<string, string>>
  readonly language: string
  readonly format: AudioFormat
  /**
   * Plays 20 ms frames to the caller, behind all that was said before; resolves when they were played, or when
   * somebody interrupts or the caller is gone. No frames: resolves when all that was said before has gone out.
   */
  playTones(frames: readonly Uint8Array[], signal: AbortSignal): Promise<TonesPlayed>
  readonly clock: Clock
  /** Aborted when somebody interrupts or the call ends, unless the tool is lasting, and when its deadline passes. */
  readonly signal: AbortSignal
}

/** One tool of a pipeline, ready to run. */
export interface RunnableTool {
  readonly tool: LlmTool
  readonly check: ArgumentCheck
  readonly timeoutMs: number
  /** The caller is meant to hear nothing, or something else, while it runs: no filler. */
  readonly silent: boolean
  /** It ends the call, or the agent's part in it. */
  readonly ends?: boolean
  /** Another filler than the pipeline's. */
  readonly filler?: ToolFiller | undefined
  /**
   * When it is aborted it ends at once, and says what it has done by then: the model is told that, and not only that
   * the tool was cancelled.
   */
  readonly tellsWhenCut?: boolean
  /**
   * Once begun it is carried out, whatever becomes of it here (a POST): when the reply is cut it is left to finish
   * within its deadline, and the model is given its result when that comes.
   */
  readonly lasting?: boolean
  /** Called with checked arguments. May reject: the model is then told the error's message. */
  run(args: ToolArguments, scope: ToolCallScope): Promise<ToolOutcome>
}

/** A failure in words made for the model: no secrets, no values of arguments. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure'
}
