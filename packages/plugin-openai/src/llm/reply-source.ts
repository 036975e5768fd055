import type { LlmMessage, LlmTool, LlmToolCall } from '@kav/core'
import type { OpenAI } from 'openai'
import type { RequestWatch } from '@kav/core/kit'
import type { ThoughtHabits } from './kept-thought.ts'
import type { LlmParams } from './llm-params.ts'

/** One request, ready to go out: what each of the two APIs is handed. */
export interface ReplyOrder {
  readonly client: OpenAI
  readonly params: LlmParams
  readonly messages: readonly LlmMessage[]
  readonly tools: readonly LlmTool[]
  readonly watch: RequestWatch
  readonly thoughts: ThoughtHabits
  /** For messages: `reply from api.openai.com`. */
  readonly doing: string
}

/** Tokens of one answer, as the server counted them. */
export interface TokenUsage {
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
}

/**
 * What both APIs say, in one shape. `finish` comes once, last, and only when the server said that it was done; a
 * source that ends without it was cut.
 */
export type ReplyPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thought' }
  | ({ readonly type: 'tool-call' } & LlmToolCall)
  | { readonly type: 'usage'; readonly usage: TokenUsage }
  | { readonly type: 'finish'; readonly reason: 'stop' | 'tool-calls' | 'length' | 'content-filter' }

/** What servers with a strict tool parser say of a call that the model wrote wrong; it seldom does so twice. */
export const TOOL_USE_FAILED = 'tool_use_failed'
