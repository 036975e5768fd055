import type { LlmMessage } from '@kav/core'
import { testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { estimateTokens, trimToBudget, withWholeToolPairs } from '../src/llm/context-budget.ts'
import { asking, collect, llmAt, loopback, never, weatherTool } from './setup.ts'

const system: LlmMessage = { role: 'system', content: 'You are the front desk.' }
const user = (content: string): LlmMessage => ({ role: 'user', content })
const says = (content: string): LlmMessage => ({ role: 'assistant', content })
const calls = (id: string): LlmMessage => ({
  role: 'assistant',
  content: '',
  toolCalls: [{ id, name: 'weather', arguments: '{}' }],
})
const result = (toolCallId: string): LlmMessage => ({ role: 'tool', toolCallId, content: 'sunny' })
const long = 'word '.repeat(200)

describe('the context sent', () => {
  it('is whole while it fits', () => {
    const messages = [system, user('hi'), says('hello')]
    expect(trimToBudget(messages, [weatherTool], 1000)).toBe(messages)
  })

  it('loses its oldest turns first, never the system prompt or the last turn', () => {
    const messages = [system, says('welcome'), user(long), says('1'), user('b'), says('2'), user(long)]
    expect(trimToBudget(messages, [], 330)).toEqual([system, user('b'), says('2'), user(long)])
    expect(trimToBudget(messages, [], 256)).toEqual([system, user(long)])
  })

  it('keeps a tool call with its result, or leaves out both', () => {
    const turn = [user('weather?'), calls('1'), result('1'), says('sunny')]
    const messages = [system, ...turn, user(long)]
    expect(trimToBudget(messages, [], 1000)).toBe(messages)
    expect(trimToBudget(messages, [], 310)).toEqual([system, user(long)])
  })

  it('counts the tools’ definitions', () => {
    const tools = Array.from({ length: 30 }, () => weatherTool)
    const messages = [system, user('a'), says('b'), user('c')]
    expect(trimToBudget(messages, tools, 400)).toEqual([system, user('c')])
  })

  it('holds no half of a tool pair that an interruption cut', () => {
    expect(
      withWholeToolPairs([user('a'), calls('1'), user('b'), result('2'), calls('3'), result('3')]),
    ).toEqual([user('a'), user('b'), calls('3'), result('3')])
  })

  it('estimates Hebrew by its bytes', () => {
    expect(estimateTokens('שלום')).toBe(3)
    expect(estimateTokens('')).toBe(0)
  })

  it('is trimmed in the request, and what is left out is counted', async () => {
    const server = await loopback()
    const context = testContext()
    const llm = llmAt(server, { context_tokens: 320 }, context)
    await collect(llm.reply(asking([system, user(long), says('1'), user('and now?')]), never))
    await collect(llm.reply(asking([system, user(long), says(long), user('and now?')]), never))
    expect((await server.request('/chat/completions')).json.messages).toHaveLength(4)
    expect((await server.request('/chat/completions', 1)).json.messages).toHaveLength(2)
    expect(context.metrics.value('openai_llm_messages_left_out_total')).toBe(2)
  })
})

describe('the summary of what a call forgets', () => {
  const messages = [user('It is Dana Levi, order 4711.'), calls('1'), result('1'), says('It is sunny.')]
  const forgotten = { callId: 'call-1', language: 'he-IL', before: 'Dana calls.', messages, maxChars: 400 }
  const sent = async (server: Awaited<ReturnType<typeof loopback>>, index = 0) =>
    (await server.request('/chat/completions', index)).json.messages as { role: string; content: string }[]

  it('is asked for with the notes so far and the record as one text', async () => {
    const server = await loopback()
    const text = await llmAt(server).summarize!(forgotten, never)
    expect(text).not.toBe('')
    const [ask, record, ...rest] = await sent(server)
    expect(rest).toEqual([])
    expect(ask).toMatchObject({
      role: 'system',
      content: expect.stringMatching(/400 characters.*he-IL/s) as string,
    })
    expect(record!.content.split('\n')).toEqual([
      'Your notes so far:',
      'Dana calls.',
      '',
      'The record since then:',
      'Caller: It is Dana Levi, order 4711.',
      'Agent calls weather {}',
      'Result: sunny',
      'Agent: It is sunny.',
    ])
  })

  it('keeps to context_tokens: the oldest lines are left out', async () => {
    const server = await loopback()
    const many = Array.from({ length: 100 }, (_, index) => user(`${index} ${long}`))
    await llmAt(server, { context_tokens: 4000 }).summarize!({ ...forgotten, messages: many }, never)
    const [, record] = await sent(server)
    expect(record!.content).toContain('Caller: 99 ')
    expect(record!.content).not.toContain('Caller: 50 ')
    expect(record!.content.length).toBeLessThan(4000 * 4)
  })

  it('is not asked for with `summarize: false`', async () => {
    expect(llmAt(await loopback(), { summarize: false }).summarize).toBeUndefined()
  })
})
