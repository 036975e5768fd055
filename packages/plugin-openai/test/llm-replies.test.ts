import { setImmediate as nextTurn } from 'node:timers/promises'
import { testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { chatChunk, chatText, chatToolCalls } from '../src/testing/index.ts'
import { ask, asking, collect, llmAt, loopback, never, textOf, weatherTool } from './setup.ts'

const CALLS = [
  { id: 'call_a', name: 'weather', arguments: '{"city":"Haifa"}' },
  { id: 'call_b', name: 'weather', arguments: '{"city":"Eilat"}' },
]

describe('a reply by Chat Completions', () => {
  it('streams text as it comes, then usage, then the end', async () => {
    const server = await loopback()
    server.next('/chat/completions', chatText(['Good ', 'morning', '.']))
    const events = await collect(llmAt(server).reply(ask('hi'), never))
    expect(events).toEqual([
      { type: 'text', text: 'Good ' },
      { type: 'text', text: 'morning' },
      { type: 'text', text: '.' },
      { type: 'usage', inputTokens: 40, outputTokens: 12, cachedInputTokens: 16 },
      { type: 'end', reason: 'stop' },
    ])
  })

  it('sends the params it was given and nothing it was not', async () => {
    const server = await loopback()
    const llm = llmAt(server, {
      model: 'gpt-x',
      temperature: 0.3,
      seed: 7,
      stop: ['END'],
      reasoning_effort: 'low',
      max_tokens: 99,
      parallel_tool_calls: false,
      extra_body: { service_tier: 'priority' },
      organization: 'org-1',
      project: 'proj-1',
      headers: { 'x-gateway': 'g' },
      query: { 'api-version': '2025-01-01' },
    })
    await collect(llm.reply(ask('hi', [weatherTool]), never))
    const { json, headers, query } = await server.request('/chat/completions')
    expect(json).toEqual({
      model: 'gpt-x',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 99,
      temperature: 0.3,
      seed: 7,
      stop: ['END'],
      reasoning_effort: 'low',
      parallel_tool_calls: false,
      service_tier: 'priority',
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            description: weatherTool.description,
            parameters: weatherTool.parameters,
          },
        },
      ],
    })
    expect(headers).toMatchObject({
      authorization: 'Bearer sk-test-secret',
      'openai-organization': 'org-1',
      'openai-project': 'proj-1',
      'x-gateway': 'g',
    })
    expect(query.get('api-version')).toBe('2025-01-01')
  })

  it('takes no key, organisation or address from the environment', async () => {
    const server = await loopback()
    const before = { ...process.env }
    Object.assign(process.env, {
      OPENAI_API_KEY: 'sk-env',
      OPENAI_ORG_ID: 'org-env',
      OPENAI_PROJECT_ID: 'p-env',
    })
    try {
      const llm = llmAt(server, { api_key: 'sk-mine' })
      await collect(llm.reply(ask('hi'), never))
    } finally {
      process.env = before
    }
    const { headers } = await server.request('/chat/completions')
    expect(headers.authorization).toBe('Bearer sk-mine')
    expect(headers['openai-organization']).toBeUndefined()
    expect(headers['openai-project']).toBeUndefined()
  })

  it('names the token limit as the server expects it', async () => {
    const server = await loopback()
    await collect(llmAt(server, { max_tokens_field: 'max_completion_tokens' }).reply(ask('hi'), never))
    const { json } = await server.request('/chat/completions')
    expect(json.max_completion_tokens).toBe(1024)
    expect(json.max_tokens).toBeUndefined()
  })

  it('gives parallel tool calls whole, each once, whatever pieces they come in', async () => {
    const server = await loopback()
    server.next('/chat/completions', chatToolCalls(CALLS, 3))
    const events = await collect(llmAt(server).reply(ask('weather?', [weatherTool]), never))
    expect(events).toEqual([
      { type: 'tool-call', ...CALLS[0] },
      { type: 'tool-call', ...CALLS[1] },
      { type: 'usage', inputTokens: 40, outputTokens: 12, cachedInputTokens: 16 },
      { type: 'end', reason: 'tool-calls' },
    ])
  })

  it('understands servers that send calls whole, without index or id, and finish with stop', async () => {
    const server = await loopback()
    server.next('/chat/completions', async ({ event, end }) => {
      const call = (name: string, id?: string) => ({ index: 0, id, function: { name, arguments: '{"a":1}' } })
      await event(chatChunk({ delta: { tool_calls: [call('one', 'x1')] } }))
      await event(chatChunk({ delta: { tool_calls: [call('two', 'x2')] } }))
      await event(chatChunk({ delta: {}, finish_reason: 'stop' }))
      end()
    })
    const events = await collect(llmAt(server).reply(ask('go', [weatherTool]), never))
    expect(events).toEqual([
      { type: 'tool-call', id: 'x1', name: 'one', arguments: '{"a":1}' },
      { type: 'tool-call', id: 'x2', name: 'two', arguments: '{"a":1}' },
      { type: 'end', reason: 'tool-calls' },
    ])
  })

  it('sends calls and their results back in the API’s own shape', async () => {
    const server = await loopback()
    const { id, name, arguments: args } = CALLS[0]!
    const request = asking([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'weather?' },
      { role: 'assistant', content: '', toolCalls: [{ id, name, arguments: args }] },
      { role: 'tool', toolCallId: id, content: '31 degrees' },
    ])
    await collect(llmAt(server).reply(request, never))
    const { json } = await server.request('/chat/completions')
    expect(json.messages.slice(2)).toEqual([
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id, type: 'function', function: { name, arguments: args } }],
      },
      { role: 'tool', tool_call_id: id, content: '31 degrees' },
    ])
  })

  it('does not hand out calls of an answer that ran out of tokens', async () => {
    const server = await loopback()
    server.next('/chat/completions', async ({ event, end }) => {
      const cut = { index: 0, id: 'c', function: { name: 'weather', arguments: '{"ci' } }
      await event(chatChunk({ delta: { tool_calls: [cut] } }))
      await event(chatChunk({ delta: {}, finish_reason: 'length' }))
      end()
    })
    const events = await collect(llmAt(server).reply(ask('go', [weatherTool]), never))
    expect(events).toEqual([{ type: 'end', reason: 'length' }])
  })

  it('counts tokens and their price', async () => {
    const server = await loopback()
    const context = testContext()
    const prices = { input: 1, cached_input: 0.5, output: 4 }
    await collect(llmAt(server, { prices }, context).reply(ask('hi'), never))
    const { value } = context.metrics
    expect(value('openai_llm_input_tokens_total')).toBe(40)
    expect(value('openai_llm_cached_input_tokens_total')).toBe(16)
    expect(value('openai_llm_output_tokens_total')).toBe(12)
    expect(value('openai_llm_reasoning_tokens_total')).toBe(4)
    expect(value('openai_llm_cost_usd_total')).toBeCloseTo((24 * 1 + 16 * 0.5 + 12 * 4) / 1e6, 12)
    expect(value('openai_llm_requests_total', { outcome: 'ok' })).toBe(1)
  })

  it('keeps one connection from the warm-up on', async () => {
    const server = await loopback()
    const llm = llmAt(server)
    await llm.warm!()
    for (const turn of ['1', '2']) {
      // A socket is free again a turn of the event loop after its answer was read.
      await nextTurn()
      expect(textOf(await collect(llm.reply(ask(turn), never)))).toBe('Hello there.')
    }
    expect(server.requests.map((request) => request.path)[0]).toBe('/models/gpt-4o-mini')
    expect(new Set(server.requests.map((request) => request.connection))).toEqual(new Set([0]))
  })

  it('loads a local model at the start of the call where it is told to', async () => {
    const server = await loopback()
    await llmAt(server, { warm_up: 'model', model: 'llama3.2' }).warm!()
    await llmAt(server, { warm_up: 'off' }).warm!()
    expect(server.requests.map(({ path, json }) => [path, json?.model, json?.max_tokens])).toEqual([
      ['/chat/completions', 'llama3.2', 1],
    ])
  })

  it('understands an answer that comes byte by byte, through the middle of letters', async () => {
    const server = await loopback()
    server.next('/chat/completions', async ({ write, end }) => {
      const chunks = [
        { delta: { content: 'שלום, ' } },
        { delta: { content: 'מה שלומך?' } },
        { finish_reason: 'stop' },
      ]
      const body = chunks.map(
        (choice) => `data: ${JSON.stringify(chatChunk({ delta: {}, ...choice }))}\r\n\r\n`,
      )
      for (const byte of Buffer.from(body.join(''))) await write(Uint8Array.of(byte))
      end()
    })
    const events = await collect(llmAt(server).reply(ask('hi'), never))
    expect(textOf(events)).toBe('שלום, מה שלומך?')
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'stop' })
  })

  it('warms without an error when the server is not there', async () => {
    await expect(llmAt({ baseUrl: 'http://127.0.0.1:9/v1' }).warm!()).resolves.toBeUndefined()
  })
})
