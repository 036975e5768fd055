import { describe, expect, it } from 'vitest'
import type { HttpScript } from '../src/testing/index.ts'
import { ask, asking, collect, llmAt, loopback, never, rejection, weatherTool } from './setup.ts'

const PATH = '/responses'
const USAGE = {
  input_tokens: 30,
  input_tokens_details: { cached_tokens: 10 },
  output_tokens: 9,
  output_tokens_details: { reasoning_tokens: 3 },
  total_tokens: 39,
}

/** Sends the events as the Responses API does, each with its name and number. */
function events(...list: readonly { readonly type: string; readonly [key: string]: unknown }[]): HttpScript {
  return async ({ event, end }) => {
    for (const [index, one] of list.entries()) await event({ sequence_number: index, ...one }, one.type)
    end()
  }
}

const started = [
  { type: 'response.created', response: { id: 'r' } },
  { type: 'response.in_progress', response: { id: 'r' } },
]
const text = (delta: string) => ({
  type: 'response.output_text.delta',
  item_id: 'm',
  content_index: 0,
  delta,
})
const completed = { type: 'response.completed', response: { id: 'r', status: 'completed', usage: USAGE } }

describe('a reply by the Responses API', () => {
  it('streams text, usage and the end', async () => {
    const server = await loopback()
    server.next(PATH, events(...started, text('Good '), text('day.'), completed))
    const llm = llmAt(server, { api: 'responses', reasoning_effort: 'minimal', max_tokens: 50 })
    expect(await collect(llm.reply(ask('hi', [weatherTool]), never))).toEqual([
      { type: 'text', text: 'Good ' },
      { type: 'text', text: 'day.' },
      { type: 'usage', inputTokens: 30, outputTokens: 9, cachedInputTokens: 10 },
      { type: 'end', reason: 'stop' },
    ])
    const { json } = await server.request(PATH)
    expect(json).toMatchObject({
      input: [{ role: 'user', content: 'hi' }],
      store: false,
      max_output_tokens: 50,
      reasoning: { effort: 'minimal' },
      tools: [{ type: 'function', name: 'weather', strict: false }],
    })
  })

  it.each([
    ['no JSON', '{}'],
    ['[1]', '{}'],
    ['', '{}'],
    ['"{\\"city\\":\\"Acre\\"}"', '{"city":"Acre"}'],
  ])('sends arguments that are no object (%s) back as one', async (written, sent) => {
    const server = await loopback()
    server.next(PATH, events(...started, text('Yes.'), completed))
    const call = { id: 'c1', name: 'weather', arguments: written }
    const messages = [
      { role: 'user' as const, content: 'hi' },
      { role: 'assistant' as const, content: '', toolCalls: [call] },
      { role: 'tool' as const, toolCallId: 'c1', content: 'The arguments do not fit.' },
    ]
    await collect(llmAt(server, { api: 'responses' }).reply(asking(messages, [weatherTool]), never))
    const { json } = await server.request(PATH)
    expect((json as { input: unknown[] }).input[1]).toMatchObject({ type: 'function_call', arguments: sent })
  })

  it('gives tool calls whole, and sends them back as items', async () => {
    const server = await loopback()
    const item = {
      type: 'function_call',
      id: 'fc',
      call_id: 'c1',
      name: 'weather',
      arguments: '{"city":"Acre"}',
    }
    server.next(
      PATH,
      events(
        ...started,
        { type: 'response.output_item.added', output_index: 0, item: { ...item, arguments: '' } },
        { type: 'response.function_call_arguments.delta', item_id: 'fc', delta: '{"city":' },
        { type: 'response.function_call_arguments.done', item_id: 'fc', arguments: item.arguments },
        { type: 'response.output_item.done', output_index: 0, item: { ...item, status: 'completed' } },
        completed,
      ),
    )
    const llm = llmAt(server, { api: 'responses' })
    const call = { id: 'c1', name: 'weather', arguments: item.arguments }
    const reply = await collect(llm.reply(ask('weather?', [weatherTool]), never))
    expect(reply[0]).toEqual({ type: 'tool-call', ...call })
    expect(reply.at(-1)).toEqual({ type: 'end', reason: 'tool-calls' })

    server.next(PATH, events(...started, text('Hot.'), completed))
    await collect(
      llm.reply(
        asking([
          { role: 'user', content: 'weather?' },
          { role: 'assistant', content: 'One moment.', toolCalls: [call] },
          { role: 'tool', toolCallId: 'c1', content: '31' },
        ]),
        never,
      ),
    )
    expect((await server.request(PATH, 1)).json.input).toEqual([
      { role: 'user', content: 'weather?' },
      { role: 'assistant', content: 'One moment.' },
      { type: 'function_call', call_id: 'c1', name: 'weather', arguments: item.arguments },
      { type: 'function_call_output', call_id: 'c1', output: '31' },
    ])
  })

  it.each([
    ['max_output_tokens', 'length'],
    ['content_filter', 'content-filter'],
  ])('an answer that ended early by %s ends with %s', async (reason, end) => {
    const server = await loopback()
    const response = { status: 'incomplete', incomplete_details: { reason }, usage: USAGE }
    server.next(PATH, events(...started, text('Go'), { type: 'response.incomplete', response }))
    const reply = await collect(llmAt(server, { api: 'responses' }).reply(ask('hi'), never))
    expect(reply.at(-1)).toEqual({ type: 'end', reason: end })
  })

  it.each([
    [
      { type: 'response.failed', response: { error: { code: 'rate_limit_exceeded', message: 'Slow' } } },
      'quota',
    ],
    [{ type: 'response.failed', response: { error: { code: 'server_error', message: 'Oops' } } }, 'network'],
    [{ type: 'error', code: 'insufficient_quota', message: 'Pay', param: null }, 'quota'],
  ])('a failure in mid-answer keeps its class: %o', async (failure, errorClass) => {
    const server = await loopback()
    server.next(PATH, events(...started, text('Go'), failure))
    const error = await rejection(collect(llmAt(server, { api: 'responses' }).reply(ask('hi'), never)))
    expect(error).toMatchObject({ name: 'ProviderError', class: errorClass })
  })

  it('a stream that just ends is a network fault', async () => {
    const server = await loopback()
    server.next(PATH, events(...started, text('Go')))
    const error = await rejection(collect(llmAt(server, { api: 'responses' }).reply(ask('hi'), never)))
    expect(error).toMatchObject({ class: 'network', retryable: true })
  })
})
