import type { LlmEvent, LlmMessage, LlmToolCall } from '@kav/core'
import { describe, expect, it } from 'vitest'
import { thinksFirst } from '../src/llm/thinks-first.ts'
import { chatChunk, chatText, type HttpScript, refusal } from '../src/testing/index.ts'
import { ask, asking, collect, llmAt, loopback, never, rejection, textOf, weatherTool } from './setup.ts'

const PATH = '/chat/completions'
const weather = { index: 0, id: 'a', type: 'function', function: { name: 'weather', arguments: '{}' } }

/** A thought in pieces, then a call. */
const thinksAndCalls =
  (...thought: Record<string, unknown>[]): HttpScript =>
  async ({ event, end }) => {
    for (const delta of thought) await event(chatChunk({ delta }))
    await event(chatChunk({ delta: { tool_calls: [weather] } }))
    await event(chatChunk({ delta: {}, finish_reason: 'tool_calls' }))
    await event('[DONE]')
    end()
  }

function madeCall(events: readonly LlmEvent[]): LlmToolCall {
  const { type: _, ...call } = events.find((event) => event.type === 'tool-call')!
  return call
}

const behind = (...toolCalls: LlmToolCall[]): LlmMessage[] => [
  { role: 'user', content: 'Hi.' },
  { role: 'assistant', content: 'We talk.' },
  { role: 'user', content: 'Weather?' },
  { role: 'assistant', content: '', toolCalls },
  ...toolCalls.map(({ id }): LlmMessage => ({ role: 'tool', toolCallId: id, content: '31' })),
]

type Sent = Record<string, unknown>

/** What goes back to the server behind an answer that thought `thought`. */
async function backTo(...thought: Record<string, unknown>[]): Promise<Sent[]> {
  const server = await loopback()
  server.next(PATH, thinksAndCalls(...thought))
  const llm = llmAt(server)
  const events = await collect(llm.reply(ask('Weather?', [weatherTool]), never))
  expect(textOf(events)).toBe('')
  await collect(llm.reply(asking(behind(madeCall(events)), [weatherTool]), never))
  return server.requests.at(-1)!.json.messages as Sent[]
}

describe('a thought that the server keeps apart', () => {
  it.each<[string, Record<string, unknown>[], Sent]>([
    [
      'reasoning_content',
      [{ reasoning_content: 'They ' }, { reasoning_content: 'ask.', content: null }, { content: '' }],
      { reasoning_content: 'They ask.' },
    ],
    ['an empty reasoning_content', [{ reasoning_content: '' }], { reasoning_content: '' }],
    ['reasoning', [{ reasoning: 'They ' }, { reasoning: 'ask.' }], { reasoning: 'They ask.' }],
    [
      'reasoning_details',
      [
        {
          reasoning: 'Th',
          reasoning_details: [{ type: 'reasoning.text', text: 'Th', index: 0, format: 'f' }],
        },
        { reasoning: 'ey', reasoning_details: [{ type: 'reasoning.text', text: 'ey', index: 0 }] },
        { reasoning_details: [{ type: 'reasoning.text', signature: 'SIG', index: 0 }] },
        { reasoning_details: [{ type: 'reasoning.encrypted', data: 'AAA', id: 'x', index: 1 }] },
        { reasoning_details: [{ type: 'reasoning.encrypted', data: 'BBB', id: 'y', index: 2 }] },
      ],
      {
        reasoning: 'They',
        reasoning_details: [
          { type: 'reasoning.text', text: 'They', index: 0, format: 'f', signature: 'SIG' },
          { type: 'reasoning.encrypted', data: 'AAA', id: 'x', index: 1 },
          { type: 'reasoning.encrypted', data: 'BBB', id: 'y', index: 2 },
        ],
      },
    ],
    [
      'a signature of the message',
      [{ extra_content: { google: { thought_signature: 'SIG' } } }],
      { extra_content: { google: { thought_signature: 'SIG' } } },
    ],
  ])('goes back with the calls that came of it, and with nothing else: %s', async (_, thought, want) => {
    const messages = await backTo(...thought)
    expect(messages[3]).toEqual({ role: 'assistant', content: '', tool_calls: expect.any(Array), ...want })
    expect(Object.keys(messages[1]!).sort()).toEqual(['content', 'role'])
  })

  it('is no word, and tells that words are none', async () => {
    const server = await loopback()
    server.next(PATH, async ({ event, end }) => {
      await event(chatChunk({ delta: { reasoning_content: 'They ask.' } }))
      await event(chatChunk({ delta: { content: 'Nine.' }, finish_reason: 'stop' }))
      end()
    })
    const events = await collect(llmAt(server).reply(ask('When?'), never))
    expect(events.map(({ type }) => type)).toEqual(['thought', 'text', 'end'])
    expect(textOf(events)).toBe('Nine.')
  })

  it('does not go to another server or model, which would refuse it', async () => {
    const server = await loopback()
    server.next(PATH, thinksAndCalls({ reasoning_content: 'They ask.' }))
    const call = madeCall(await collect(llmAt(server).reply(ask('Weather?', [weatherTool]), never)))
    await collect(llmAt(server, { model: 'other' }).reply(asking(behind(call)), never))
    expect(server.requests.at(-1)!.json.messages[3]).not.toHaveProperty('reasoning_content')
  })

  it('is sent without, and not again, where the server refuses what it sent itself', async () => {
    const server = await loopback()
    server.next(PATH, thinksAndCalls({ reasoning: 'They ask.' }))
    const llm = llmAt(server)
    const call = madeCall(await collect(llm.reply(ask('Weather?', [weatherTool]), never)))
    const message = "'messages.3' : for 'role:assistant' : property 'reasoning' is unsupported"
    server.next(PATH, refusal(400, { message }))
    for (const turn of [2, 3]) {
      const events = await collect(llm.reply(asking(behind(call)), never))
      expect(textOf(events)).toBe('Hello there.')
      expect(server.requests.length).toBe(turn + 1)
    }
    expect(
      server.requests.map(({ json }) => (json.messages as Sent[]).some((each) => 'reasoning' in each)),
    ).toEqual([...[false, true], ...[false, false]])
  })

  it.each([
    'thinking is enabled but reasoning_content is missing in assistant tool call message at index 3',
    'The reasoning_content in the thinking mode must be passed back to the API.',
  ])('is stood in for at calls of another model, where the server wants one: %s', async (message) => {
    const server = await loopback()
    const llm = llmAt(server)
    const call = { id: 'b', name: 'weather', arguments: '{}' }
    server.next(PATH, refusal(400, { message }))
    for (const requests of [2, 3]) {
      expect(textOf(await collect(llm.reply(asking(behind(call)), never)))).toBe('Hello there.')
      expect(server.requests.length).toBe(requests)
      expect(server.requests.at(-1)!.json.messages[3]).toMatchObject({ reasoning_content: ' ' })
    }
  })

  it('a server that wants and refuses it is asked no more than twice', async () => {
    const server = await loopback()
    server.always(PATH, refusal(400, { message: 'reasoning_content is missing' }))
    const fault = await rejection(
      collect(llmAt(server).reply(asking(behind({ id: 'b', name: 'weather', arguments: '{}' })), never)),
    )
    expect(fault.class).toBe('bad-request')
    expect(server.requests.length).toBe(2)
  })
})

describe('reasoning', () => {
  it.each([
    ['auto', 'deepseek-ai/DeepSeek-R1-Distill-Qwen-7B', 'likely'],
    ['auto', 'Qwen/QwQ-32B', 'likely'],
    ['auto', 'qwen3-30b-a3b-thinking-2507', 'likely'],
    ['auto', 'MiniMax-M2', 'likely'],
    ['auto', 'gpt-4o-mini', undefined],
    ['auto', 'Qwen3-30B-A3B-Instruct-2507', undefined],
    ['opens_inside', 'my-model', true],
    ['none', 'deepseek-r1:8b', false],
  ] as const)('%s of %s: thinks first: %s', (reasoning, model, want) => {
    expect(thinksFirst({ reasoning, model, base_url: 'http://127.0.0.1:8000/v1' }).thinksFirst).toBe(want)
  })

  it('at OpenAI itself never waits for a thought', () => {
    const params = { reasoning: 'auto', model: 'gpt-4o-mini', base_url: 'https://api.openai.com/v1' } as const
    expect(thinksFirst(params)).toEqual({ thinksFirst: false })
  })

  it('is the provider’s', async () => {
    const server = await loopback()
    server.always(PATH, chatText(['Nine.']))
    expect(llmAt(server, { reasoning: 'opens_inside' }).thinksFirst).toBe(true)
    expect(llmAt(server)).not.toHaveProperty('thinksFirst')
  })
})
