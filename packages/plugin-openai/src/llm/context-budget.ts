import type { LlmMessage, LlmTool } from '@kav/core'

/**
 * Tokens of a text, estimated without a tokenizer: one for each 3.5 bytes of UTF-8. High by a tenth or so for
 * English (4 to 4.5 bytes a token in o200k) and about right for Hebrew (two bytes a letter), so that the budget is
 * met rather than passed.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN)
}

const BYTES_PER_TOKEN = 3.5
/** Role, separators and ids of one message. */
const MESSAGE_TOKENS = 4

/**
 * The conversation within `budgetTokens`: system messages and the last turn always, then as many whole turns before
 * it as fit, newest first. A turn is a user message and all that follows it, so a tool call never loses its result.
 * The tools' own definitions count.
 */
export function trimToBudget(
  messages: readonly LlmMessage[],
  tools: readonly LlmTool[],
  budgetTokens: number,
): readonly LlmMessage[] {
  let leftTokens = budgetTokens - tools.reduce((sum, tool) => sum + estimateTokens(JSON.stringify(tool)), 0)
  const kept = new Set<LlmMessage>()
  for (const message of messages) {
    if (message.role !== 'system') continue
    kept.add(message)
    leftTokens -= messageTokens(message)
  }
  const turns = turnsOf(messages)
  for (let index = turns.length - 1; index >= 0; index--) {
    const turn = turns[index]!
    leftTokens -= turn.reduce((sum, message) => sum + messageTokens(message), 0)
    if (leftTokens < 0 && index < turns.length - 1) break
    for (const message of turn) kept.add(message)
  }
  return kept.size === messages.length ? messages : messages.filter((message) => kept.has(message))
}

/**
 * Without calls that have no result and results that have no call: an interruption may cut a pair, and the API
 * refuses a conversation with half of one.
 */
export function withWholeToolPairs(messages: readonly LlmMessage[]): readonly LlmMessage[] {
  const answered = new Set<string>()
  const asked = new Set<string>()
  for (const message of messages) {
    if (message.role === 'tool') answered.add(message.toolCallId)
    else if (message.role === 'assistant') message.toolCalls?.forEach((call) => asked.add(call.id))
  }
  return messages.flatMap((message): LlmMessage[] => {
    if (message.role === 'tool') return asked.has(message.toolCallId) ? [message] : []
    if (message.role !== 'assistant' || !message.toolCalls) return [message]
    const toolCalls = message.toolCalls.filter((call) => answered.has(call.id))
    if (toolCalls.length > 0) return [{ ...message, toolCalls }]
    return message.content === '' ? [] : [{ role: 'assistant', content: message.content }]
  })
}

function turnsOf(messages: readonly LlmMessage[]): LlmMessage[][] {
  const turns: LlmMessage[][] = []
  for (const message of messages) {
    if (message.role === 'system') continue
    const turn = turns.at(-1)
    if (turn === undefined || message.role === 'user') turns.push([message])
    else turn.push(message)
  }
  return turns
}

function messageTokens(message: LlmMessage): number {
  const calls = message.role === 'assistant' && message.toolCalls ? JSON.stringify(message.toolCalls) : ''
  return MESSAGE_TOKENS + estimateTokens(message.content) + estimateTokens(calls)
}
