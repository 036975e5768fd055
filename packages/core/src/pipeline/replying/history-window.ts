import type { LlmMessage } from '../../contracts/llm.ts'

/** What one entry of the conversation costs a request. */
export interface WindowEntry {
  readonly user: boolean
  readonly tokens: number
}

/** After forgetting, room is left: a window that moved with every turn would void the provider's prompt cache. */
const KEPT_SHARE = 0.75
/** English has some four bytes a token, Hebrew and Chinese some three: rather too many than too few. */
const BYTES_PER_TOKEN = 3
/** Role, marks between messages. */
const TOKENS_PER_MESSAGE = 4

/** About what these messages cost: no provider counts alike. */
export function estimateTokens(messages: readonly LlmMessage[]): number {
  return messages.reduce(
    (sum, message) => sum + TOKENS_PER_MESSAGE + Math.ceil(bytesOf(message) / BYTES_PER_TOKEN),
    0,
  )
}

function bytesOf(message: LlmMessage): number {
  const calls = (message.role === 'assistant' && message.toolCalls) || []
  return calls.reduce(
    (sum, { id, name, arguments: args }) => sum + Buffer.byteLength(id + name + args),
    Buffer.byteLength(message.content),
  )
}

/**
 * How many entries to forget, oldest first, so that the rest fits. What is left begins with a turn of the caller, so
 * no tool result stands without its call; the newest turn and all behind it are kept, however large.
 */
export function entriesToForget(entries: readonly WindowEntry[], maxTokens: number): number {
  let tokens = entries.reduce((sum, entry) => sum + entry.tokens, 0)
  if (tokens <= maxTokens) return 0
  let boundary = 0
  for (const [index, entry] of entries.entries()) {
    if (entry.user) boundary = index
    if (entry.user && tokens <= maxTokens * KEPT_SHARE) break
    tokens -= entry.tokens
  }
  return boundary
}
