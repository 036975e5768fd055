import type { LlmTool } from './llm.ts'

/** What a tool may know of the call it is used in. */
export interface ToolContext {
  readonly callId: string
  /** Values that came with the call: `<Parameter>`s and webhook fields. */
  readonly params: Readonly<Record<string, string>>
  readonly language: string
  /**
   * Aborted when the tool takes too long, and, unless it is lasting, when the agent is interrupted or the call ends. A
   * use that it meets before its work has begun is not carried out. Nobody listens to it once the use is over.
   */
  readonly signal: AbortSignal
}

/** One tool, as the model is offered it. */
export interface CodeTool extends LlmTool {
  /**
   * Once begun it is carried out, whatever becomes of the call (a booking): `signal` is not aborted when the caller
   * speaks over it, and the model is given its result when that comes. It is given up after its deadline as ever.
   */
  readonly lasting?: boolean
}

/** Functions that the model may call, written in code. */
export interface ToolProvider {
  /**
   * Names are unique in a pipeline; `parameters` is a JSON Schema that the core checks arguments against. Read when the
   * pipeline starts and at the start of each call: whose tools come from elsewhere (a server) gives another list once
   * they have changed, and the same one while they have not. A call keeps the tools that it began with.
   */
  readonly tools: readonly CodeTool[]
  /**
   * Runs one call with checked arguments. Calls run at once: what one knows (`context`) is told to no other. What it resolves with is told to the model as text (a string as it is,
   * anything else as JSON). A rejection is told to the model as a failure, by its message: no secrets in it.
   */
  run(name: string, args: Readonly<Record<string, unknown>>, context: ToolContext): Promise<unknown>
  /** Connects, and learns its tools, ahead of the first call. May be called twice. Failure is not an error. */
  warm?(): Promise<void>
  close(): Promise<void>
}
