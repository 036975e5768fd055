import { describe, expect, it } from 'vitest'
import type { LlmMessage } from '../../src/index.ts'
import { createOpaqueOwners, withoutOpaque } from '../../src/providers/opaque-owners.ts'

const mine = { signature: 'mine' }
const theirs = { signature: 'theirs' }
const call = { id: 'a', name: 'book', arguments: '{}' }

const messages: readonly LlmMessage[] = [
  { role: 'user', content: 'Book it.' },
  { role: 'assistant', content: '', toolCalls: [{ ...call, opaque: mine }], opaque: mine },
  { role: 'tool', toolCallId: 'a', content: 'done' },
  { role: 'assistant', content: 'It is booked.', opaque: theirs },
  { role: 'assistant', content: 'And you?', opaque: { signature: 'of nobody' } },
]

describe('what a provider wants to have back', () => {
  const owners = createOpaqueOwners<string>()
  owners.told('p', mine)
  owners.told('q', theirs)
  owners.told('q', undefined)
  owners.told('q', 'no object' as never)

  it('is given to it as the very same object, and to no other', () => {
    const forP = owners.messagesFor('p', messages)
    expect(forP.slice(0, 3)).toEqual(messages.slice(0, 3))
    expect(forP[1]).toBe(messages[1])
    expect(forP.slice(3)).toEqual([
      { role: 'assistant', content: 'It is booked.' },
      { role: 'assistant', content: 'And you?' },
    ])
    const forQ = owners.messagesFor('q', messages)
    expect(forQ[1]).toEqual({ role: 'assistant', content: '', toolCalls: [call] })
    expect(forQ[3]).toBe(messages[3])
  })

  it('is left out where another model makes a summary', () => {
    expect(JSON.stringify(withoutOpaque(messages))).not.toMatch(/signature|opaque/)
    expect(withoutOpaque(messages)).toHaveLength(messages.length)
  })
})
