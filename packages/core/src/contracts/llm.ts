/** One entry of the conversation, as the model reads it. */
export type LlmMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly LlmToolCall[] }
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string }

export interface LlmToolCall {
  readonly id: string
  readonly name: string
  /** JSON text, exactly as the model wrote it; the core checks it against the tool's schema. */
  readonly arguments: string
}

export interface LlmTool {
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments, an object. */
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface LlmRequest {
  readonly callId: string
  readonly messages: readonly LlmMessage[]
  readonly tools: readonly LlmTool[]
  /** The language of the call at this moment, as configured or switched (`en-US`, `he-IL`). */
  readonly language?: string
}

export type LlmEvent =
  | { readonly type: 'text'; readonly text: string }
  | ({ readonly type: 'tool-call' } & LlmToolCall)
  | { readonly type: 'usage'; readonly inputTokens: number; readonly outputTokens: number }
  /** The model is done. Exactly once, last. A stream that ends without it was cut and counts as failed. */
  | { readonly type: 'end'; readonly reason: 'stop' | 'tool-calls' | 'length' | 'content-filter' }

export interface LlmProvider {
  /** Phrases this responder expects to hear; they join the recogniser's hints. */
  readonly hints?: readonly string[]
  /** Whether a reply may be started before the turn has surely ended (costs tokens, not consequences). */
  readonly preemptive?: boolean
  /**
   * One answer, streamed as it comes. Throws a `ProviderError`. Once `signal` aborts, the request ends at the
   * provider and the iteration ends, silently or with `cancelled`. The core holds the deadlines.
   */
  reply(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent>
  /** Opens connections ahead of the first reply; called once per call. Failure is not an error. */
  warm?(): Promise<void>
  close(): Promise<void>
}
