import { expect } from 'vitest'
import type { LlmMessage } from '../../src/contracts/index.ts'

/**
 * What the strictest servers ask of a context: every call has its result right behind it, in the order of the calls;
 * no result without a call; behind a result comes the agent, never the caller; no empty text; words of the agent that
 * follow each other are one message.
 */
export function expectStrictOrder(messages: readonly LlmMessage[]): void {
  const shown = JSON.stringify(messages, null, 1)
  for (let at = 0; at < messages.length; at++) {
    const message = messages[at]!
    const before = messages[at - 1]
    if (message.role === 'system') expect(at, shown).toBe(0)
    if (message.role === 'tool') expect(before?.role === 'tool' || hasCalls(before), shown).toBe(true)
    if (message.role === 'user') expect(before?.role, shown).not.toBe('tool')
    if (message.role !== 'assistant') continue
    expect(before?.role, shown).not.toBe('assistant')
    const ids = (message.toolCalls ?? []).map(({ id }) => id)
    if (ids.length === 0) expect(message.content.trim(), shown).not.toBe('')
    const results = messages.slice(at + 1, at + 1 + ids.length)
    expect(
      results.map((result) => (result.role === 'tool' ? result.toolCallId : result.role)),
      shown,
    ).toEqual(ids)
    expect(messages[at + 1 + ids.length]?.role === 'tool' && ids.length > 0, shown).toBe(false)
  }
}

function hasCalls(message: LlmMessage | undefined): boolean {
  return message?.role === 'assistant' && (message.toolCalls?.length ?? 0) > 0
}

/** All the agent said, in order; the ellipsis for what nobody heard is not among it. */
export function agentWords(messages: readonly LlmMessage[]): string {
  return messages
    .flatMap((message) =>
      message.role === 'assistant' && message.content !== '…' ? [message.content.trim()] : [],
    )
    .filter((text) => text !== '')
    .join(' ')
}
