import { expect } from 'vitest'
import type { LlmMessage } from '../../src/contracts/index.ts'
import { expectStrictOrder } from './strict-messages.ts'

/**
 * What servers refuse beyond the order, of OpenAI and Anthropic: ids that are empty or stand twice, names of tools that
 * they take from nobody, halves of characters, results without a word, a conversation that the agent has ended.
 */
export function expectSendable(messages: readonly LlmMessage[]): void {
  expectStrictOrder(messages)
  const shown = JSON.stringify(messages, null, 1)
  const calls = messages.flatMap((message) => (message.role === 'assistant' && message.toolCalls) || [])
  const ids = calls.map(({ id }) => id)
  expect(
    ids.filter((id) => id.trim() === ''),
    shown,
  ).toEqual([])
  expect(new Set(ids).size, shown).toBe(ids.length)
  for (const { name, arguments: args } of calls) {
    expect(name, shown).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
    expect(args, shown).not.toMatch(HALF)
  }
  for (const { role, content } of messages) {
    expect(content, shown).not.toMatch(HALF)
    if (role === 'tool' || role === 'user') expect(content.trim(), shown).not.toBe('')
  }
  expect(['user', 'tool'], shown).toContain(messages.at(-1)?.role)
}

/** Of a character. */
const HALF = /\p{Cs}/u
