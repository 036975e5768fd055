/** One entry of the conversation, as the model reads it. */
export type LlmMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: string }
  | LlmAssistantMessage
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string }

/** One answer of the model: its words as far as the caller heard them, and its calls. */
export interface LlmAssistantMessage {
  readonly role: 'assistant'
  readonly content: string
  readonly toolCalls?: readonly LlmToolCall[]
  /** `opaque` of the answer's `end`, unchanged; only ever given to the provider that told it. */
  readonly opaque?: LlmOpaque
}

/** What a provider wants to have back and nobody else understands. Plain JSON, at most a million characters. */
export type LlmOpaque = Readonly<Record<string, unknown>>

export interface LlmToolCall {
  /** Of this call alone, in the answer. */
  readonly id: string
  readonly name: string
  /** JSON text of an object, exactly as the model wrote it; the core checks it against the tool's schema. */
  readonly arguments: string
  /** What the provider wants to have back with the call (signatures); only ever given to the provider that told it. */
  readonly opaque?: LlmOpaque
}

export interface LlmTool {
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments, an object. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** Lent, and frozen: what a provider wants to change it copies. */
export interface LlmRequest {
  readonly callId: string
  readonly messages: readonly LlmMessage[]
  readonly tools: readonly LlmTool[]
  /** The language of the call at this moment, as configured or switched (`en-US`, `he-IL`). */
  readonly language?: string
}

/** The oldest part of a long call, which the model will not be given any more. */
export interface LlmSummaryRequest {
  readonly callId: string
  readonly language?: string
  /** The summary of what was before `messages`; empty at first. The new one stands for both. */
  readonly before: string
  /** In order; a tool result always stands behind its call. */
  readonly messages: readonly LlmMessage[]
  /** What is longer is cut. */
  readonly maxChars: number
}

export type LlmEvent =
  | { readonly type: 'text'; readonly text: string }
  /** The model thinks, and its server keeps thoughts apart from the text. Need not be told; once an answer is enough. */
  | { readonly type: 'thought' }
  | ({ readonly type: 'tool-call' } & LlmToolCall)
  | LlmUsage
  /** The model is done. Exactly once, last. A stream that ends without it was cut and counts as failed. */
  | {
      readonly type: 'end'
      readonly reason: 'stop' | 'tool-calls' | 'length' | 'content-filter'
      /** What the provider wants to have back with this answer (thinking, its signatures). */
      readonly opaque?: LlmOpaque
    }

/** What the provider counts for its bill, since the last of these in the answer. */
export interface LlmUsage {
  readonly type: 'usage'
  /** All that went in, those from the provider's cache too. */
  readonly inputTokens: number
  readonly outputTokens: number
  /** Those of `inputTokens` that the provider had in its cache. */
  readonly cachedInputTokens?: number
}

export interface LlmProvider {
  /** Phrases this responder expects to hear; they join the recogniser's hints. */
  readonly hints?: readonly string[]
  /** Whether a reply may be started before the turn has surely ended (costs tokens, not consequences). */
  readonly preemptive?: boolean
  /**
   * Answers of this model begin inside a thought whose opening tag its template wrote: nothing is said before the
   * closing tag, or the end. `likely`: until an answer tells otherwise. Left out: the answers tell.
   */
  readonly thinksFirst?: boolean | 'likely'
  /**
   * One answer, streamed as it comes, from `request` alone: nothing of another call is in it. Throws a `ProviderError`. Once `signal` aborts, the request ends at the
   * provider and the iteration ends, silently or with `cancelled`. The core holds the deadlines.
   */
  reply(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent>
  /**
   * What of the conversation is worth keeping, in a few sentences; they are put behind the system prompt. Asked for
   * in the background once a call outgrows `history_max_tokens`, one request at a time; a failure costs the summary
   * and nothing else. Absent: what is forgotten is forgotten.
   */
  summarize?(request: LlmSummaryRequest, signal: AbortSignal): Promise<string>
  /** Opens connections ahead of the first reply; called once per call. Failure is not an error. */
  warm?(): Promise<void>
  close(): Promise<void>
}
