import type { LlmTool } from './llm.ts'

/** What a tool may know of the call it is used in. */
export interface ToolContext {
  readonly callId: string
  /** Values that came with the call: `<Parameter>`s and webhook fields. */
  readonly params: Readonly<Record<string, string>>
  readonly language: string
  /** Aborted when the caller interrupts, hangs up, or the tool takes too long. */
  readonly signal: AbortSignal
}

/** Functions that the model may call, written in code. */
export interface ToolProvider {
  /** Names are unique in a pipeline; `parameters` is a JSON Schema that the core checks arguments against. */
  readonly tools: readonly LlmTool[]
  /**
   * Runs one call with checked arguments. What it resolves with is told to the model as text (a string as it is,
   * anything else as JSON). A rejection is told to the model as a failure, by its message: no secrets in it.
   */
  run(name: string, args: Readonly<Record<string, unknown>>, context: ToolContext): Promise<unknown>
  close(): Promise<void>
}
