import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LlmToolCall } from '../../../src/contracts/index.ts'
import { type AgentEntry, createConversationHistory } from '../../../src/pipeline/replying/history.ts'
import { asWritten } from '../../../src/language/spoken-form/rules/spoken-text.ts'
import { createUtterance } from '../../../src/pipeline/replying/utterance.ts'
import { agentWords, expectStrictOrder } from '../strict-messages.ts'

const LOOK: LlmToolCall = { id: 'a', name: 'look', arguments: '{}' }

/** Words of a round that the caller hears whole. */
function heard(entry: AgentEntry, words: readonly (readonly [round: number, text: string])[]): void {
  const utterance = createUtterance()
  entry.speaks(utterance)
  for (const [round, text] of words) {
    entry.wrote(round, text)
    utterance.begin(utterance.add(asWritten(text), round), 0)
  }
}

describe('the history', () => {
  it('holds a round as words, calls, results, and the words behind them as the next', () => {
    const history = createConversationHistory(() => 'You answer.')
    history.user('how much?')
    const entry = history.agent()
    const ledger = entry.toolCalls(0, [LOOK])
    ledger.result(0, 'forty')
    heard(entry, [
      [0, 'Let me look.'],
      [0, 'One moment.'],
      [1, 'Forty dollars.'],
    ])
    history.user('thank you')
    expect(history.messages()).toEqual([
      { role: 'system', content: 'You answer.' },
      { role: 'user', content: 'how much?' },
      { role: 'assistant', content: 'Let me look. One moment.', toolCalls: [LOOK] },
      { role: 'tool', toolCallId: 'a', content: 'forty' },
      { role: 'assistant', content: 'Forty dollars.' },
      { role: 'user', content: 'thank you' },
    ])
  })

  it('gives the reply that asks all it wrote, and everybody else what was heard', () => {
    const history = createConversationHistory(() => '')
    history.user('how much?')
    const entry = history.agent()
    entry.wrote(0, 'Let me look.')
    entry.toolCalls(0, [LOOK]).result(0, 'forty')
    expect(history.messages(undefined, entry)[1]).toMatchObject({ content: 'Let me look.' })
    expect(history.messages()[1]).toMatchObject({ content: '', toolCalls: [LOOK] })
  })

  it('tells a call that ran into an interruption from one that never began', () => {
    const history = createConversationHistory(() => '')
    history.user('book it')
    const calls = ['a', 'b', 'c'].map((id) => ({ ...LOOK, id }))
    const ledger = history.agent().toolCalls(0, calls)
    ledger.started(0)
    ledger.result(0, 'done')
    ledger.started(1)
    history.user('wait')
    const messages = history.messages()
    expectStrictOrder(messages)
    expect(messages.slice(2).map(({ content }) => content)).toEqual([
      'done',
      expect.stringMatching(/may have been carried out/),
      expect.stringMatching(/^Not carried out/),
      '…',
      'wait',
    ])
  })

  it('keeps the results of two calls apart that a model gave the same id', () => {
    const history = createConversationHistory(() => '')
    history.user('both')
    const ledger = history.agent().toolCalls(0, [LOOK, LOOK])
    ledger.result(0, 'one')
    ledger.result(1, 'two')
    const messages = history.messages()
    expectStrictOrder(messages)
    const [, calling, one, two] = messages
    const ids = calling?.role === 'assistant' ? calling.toolCalls!.map(({ id }) => id) : []
    expect(ids).toEqual(['a', expect.stringMatching(/^[a-z0-9]{9}$/)])
    expect([one, two]).toEqual([
      { role: 'tool', toolCallId: 'a', content: 'one' },
      { role: 'tool', toolCallId: ids[1], content: 'two' },
    ])
  })
})

/** One utterance of a reply: clauses by round, and where the caller cut it, if they did. */
const spoken = fc.record({
  clauses: fc.array(fc.record({ newRound: fc.boolean(), ms: fc.integer({ min: 20, max: 900 }) }), {
    maxLength: 6,
  }),
  begun: fc.nat(6),
  cutMs: fc.option(fc.nat(4000), { nil: undefined }),
})
const reply = fc.record({
  utterances: fc.array(spoken, { maxLength: 4 }),
  rounds: fc.array(fc.nat(3), { maxLength: 4 }),
})
const step = fc.oneof(fc.record({ user: fc.boolean() }), fc.record({ reply }))

describe('whatever was said, called, interrupted and resumed', () => {
  it('stands in an order that the strictest server takes, the agent’s words as they were spoken', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), fc.boolean(), (steps, pending) => {
        const history = createConversationHistory(() => 'You answer.')
        let words = 0
        let ids = 0
        for (const each of steps) {
          if ('user' in each) {
            if (each.user) history.user('And?')
            else history.correctUser('Or?')
            continue
          }
          const entry = history.agent()
          const { utterances, rounds } = each.reply
          let round = 0
          for (const { clauses, begun, cutMs } of utterances) {
            const utterance = createUtterance()
            entry.speaks(utterance)
            let at = 0
            for (const [index, { newRound, ms }] of clauses.entries()) {
              if (newRound) round++
              const text = `w${++words} w${++words}`
              entry.wrote(round, text)
              const clause = utterance.add(asWritten(text), round)
              if (index > begun) continue
              utterance.begin(clause, at)
              if (index < begun) utterance.end(clause, (at += ms))
            }
            if (cutMs !== undefined) utterance.cut(cutMs, cutMs + 100)
          }
          for (const [called, count] of rounds.entries()) {
            if (count === 0) continue
            const calls = Array.from({ length: count }, () => ({ ...LOOK, id: `c${++ids}` }))
            const ledger = entry.toolCalls(called, calls)
            if (count > 1) ledger.started(0)
            if (count > 2) ledger.result(1, 'found')
          }
          expectStrictOrder(history.messages(undefined, entry))
        }
        const messages = history.messages(pending ? 'What?' : undefined)
        expectStrictOrder(messages)
        const numbers = [...agentWords(messages).matchAll(/\d+/g)].map(([digits]) => Number(digits))
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      }),
      { numRuns: 150 },
    )
  }, 60_000)
})
