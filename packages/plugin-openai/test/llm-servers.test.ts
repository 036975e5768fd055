import { testContext } from '@kav/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LlmMessage } from '@kav/core'
import { chatChunk, chatText, type HttpScript, type LoopbackOpenai, refusal } from '../src/testing/index.ts'
import {
  ask,
  asking,
  collect,
  llmAt,
  llmFor,
  loopback,
  never,
  rejection,
  textOf,
  weatherTool,
} from './setup.ts'

const PATH = '/chat/completions'
const frame = (choice: Record<string, unknown>, more = {}) =>
  `data: ${JSON.stringify({ ...chatChunk(choice), ...more })}\n\n`
const says = (content: unknown) => frame({ delta: { content } })
const calls = (...tool_calls: unknown[]) => frame({ delta: { tool_calls } })
const stop = frame({ delta: {}, finish_reason: 'stop' })
const DONE = 'data: [DONE]\n\n'

const body =
  (text: string, type = 'text/event-stream', status = 200): HttpScript =>
  async ({ head, write, end }) => {
    head(status, { 'content-type': type })
    await write(text)
    end()
  }

async function answerTo(script: HttpScript, given: Record<string, unknown> = {}) {
  const server = await loopback()
  server.next(PATH, script)
  const context = testContext()
  const events = await collect(llmAt(server, given, context).reply(ask('hi', [weatherTool]), never))
  return { events, server, context }
}

async function faultOf(script: HttpScript) {
  const server = await loopback()
  server.always(PATH, script)
  return rejection(collect(llmAt(server).reply(ask('hi'), never)))
}

describe('an answer as compatible servers send it', () => {
  it.each([
    [
      'keep-alives in data',
      says('Ni') + 'data: : ping\n\ndata: keep-alive\n\ndata: {}\n\ndata: null\n\n' + says('ne') + stop,
    ],
    [
      'comments and carriage returns',
      `: hi\r\n\r\n${(says('Ni') + says('ne') + stop).replaceAll('\n', '\r\n')}`,
    ],
    [
      'text in parts',
      says([{ type: 'thinking', thinking: 'x' }]) + says([{ type: 'text', text: 'Ni' }, 'ne']) + stop,
    ],
    ['a part alone', says({ type: 'text', text: 'Nine' }) + stop],
    ['no finish reason', says('Nine') + DONE],
    ['no line behind the last event', says('Nine') + stop.trimEnd()],
    ['events without a line between them', says('Ni').trimEnd() + '\n' + says('ne') + stop],
    ['a wrong type', says('Nine') + stop, 'text/plain'],
    [
      'one whole answer',
      JSON.stringify({ choices: [{ message: { content: 'Nine' }, finish_reason: 'stop' }] }),
    ],
    ['a whole answer without a reason', JSON.stringify({ choices: [{ message: { content: 'Nine' } }] })],
    [
      'line by line',
      ['Ni', 'ne'].map((each) => says(each).slice(6).trim()).join('\n') + '\n' + stop.slice(6),
    ],
  ])('with %s is its words and its end', async (_what, text, type?: string) => {
    const { events } = await answerTo(body(text, type))
    expect(textOf(events)).toBe('Nine')
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'stop' })
  })

  const four = { city: 'Haifa' }
  const text = JSON.stringify(four)
  const named = { function: { name: 'weather', arguments: text } }
  it.each([
    [
      'arguments as an object',
      calls({ index: 0, id: 'a', function: { name: 'weather', arguments: four } }) + stop,
      1,
    ],
    [
      'a new id in every piece',
      calls({ index: 0, id: 'a', function: { name: 'weather', arguments: '' } }) +
        calls({ index: 0, id: 'b', function: { arguments: text.slice(0, 5) } }) +
        calls({ index: 0, id: 'c', function: { arguments: text.slice(5) } }) +
        stop,
      1,
    ],
    ['several without index or id', calls(named, named) + stop, 2],
    [
      'several with one index',
      calls({ index: 0, id: 'a', ...named }) + calls({ index: 0, id: 'b', ...named }) + stop,
      2,
    ],
    ['one id for all', calls({ index: 0, id: 'x', ...named }, { index: 1, id: 'x', ...named }) + stop, 2],
    [
      'one sent again whole',
      calls({ index: 0, id: 'a', ...named }) + calls({ index: 0, id: 'a', ...named }) + stop,
      1,
    ],
    ['no finish reason', calls({ index: 0, id: 'a', ...named }) + DONE, 1],
    ['calls behind the finish reason', stop + calls({ index: 0, id: 'a', ...named }) + DONE, 1],
    ['function_call', frame({ delta: { function_call: { name: 'weather', arguments: text } } }) + stop, 1],
    [
      'one whole answer',
      JSON.stringify({
        choices: [
          { message: { content: null, tool_calls: [{ id: 'a', ...named }] }, finish_reason: 'tool_calls' },
        ],
      }),
      1,
    ],
  ])('holds its calls: %s', async (_what, sent, count) => {
    const { events } = await answerTo(body(sent))
    const made = events.filter((event) => event.type === 'tool-call')
    expect(made.map(({ name, arguments: args }) => [name, JSON.parse(args)])).toEqual(
      Array.from({ length: count }, () => ['weather', four]),
    )
    expect(new Set(made.map(({ id }) => id)).size).toBe(count)
    expect(made.every(({ id }) => id !== '')).toBe(true)
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'tool-calls' })
  })

  it('with a call that is cut off makes none', async () => {
    const cut = calls({ index: 0, id: 'a', function: { name: 'weather', arguments: '{"ci' } })
    const { events } = await answerTo(body(cut + DONE))
    expect(events).toEqual([{ type: 'end', reason: 'length' }])
  })

  it('with running totals costs what the last one says', async () => {
    const usage = (tokens: unknown) => ({ usage: { prompt_tokens: 1000, completion_tokens: tokens } })
    const choice = { delta: { content: 'a' } }
    const { events, context } = await answerTo(
      body(
        frame(choice, usage(1)) +
          frame(choice, usage(2)) +
          frame({ delta: {}, finish_reason: 'stop' }, usage('2')) +
          DONE,
      ),
    )
    expect(events.filter(({ type }) => type === 'usage')).toEqual([
      { type: 'usage', inputTokens: 1000, outputTokens: 2 },
    ])
    expect(context.metrics.value('openai_llm_input_tokens_total')).toBe(1000)
  })

  it('is the same however the bytes are cut', async () => {
    const server = await loopback()
    const llm = llmFor(server)
    const bytes = Buffer.from('\ufeff' + says('Gü') + ': ping\n\n' + says('n ☎️') + stop + DONE)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (lengths) => {
        server.next(PATH, async ({ head, write, end }) => {
          head(200, { 'content-type': 'text/event-stream' })
          for (let at = 0, turn = 0; at < bytes.length; at += lengths[turn++ % lengths.length]!)
            await write(bytes.subarray(at, at + lengths[turn % lengths.length]!))
          end()
        })
        expect(textOf(await collect(llm.reply(ask('hi'), never)))).toBe('Gün ☎️')
      }),
      { numRuns: 25 },
    )
    await llm.close()
  })
})

describe('a fault in a server’s own words', () => {
  const json = (status: number, value: unknown) => body(JSON.stringify(value), 'application/json', status)
  it.each([
    ['detail', json(400, { detail: 'Too long' }), 'bad-request', 'Too long'],
    [
      'a list of details',
      json(422, { detail: [{ loc: ['body'], msg: 'Too long' }] }),
      'bad-request',
      'Too long',
    ],
    [
      'object: error',
      json(400, { object: 'error', message: 'Too long', code: 40001 }),
      'bad-request',
      'Too long',
    ],
    ['status: failure', json(500, { status: 'failure', message: 'Too long' }), 'network', 'Too long'],
    [
      'a list',
      json(400, [{ error: { code: 400, message: 'Too long', status: 'INVALID_ARGUMENT' } }]),
      'bad-request',
      'Too long',
    ],
    ['error as a text', json(404, { error: 'Too long' }), 'bad-request', 'Too long'],
    ['a text', body('Too long', 'text/plain', 503), 'network', 'Too long'],
    ['a page', body('<html><title>Too long</title></html>', 'text/html', 502), 'network', 'Too long'],
    [
      'a gateway around a server',
      json(400, { error: { message: 'Provider error', metadata: { error: { message: 'Too long' } } } }),
      'bad-request',
      'Too long',
    ],
    ['nothing', body('', 'text/plain', 500), 'network', '500'],
    [
      'status 200',
      json(200, { error: { message: 'Too long', code: 'rate_limit_exceeded' } }),
      'quota',
      'Too long',
    ],
    [
      'status 200 and failure',
      json(200, { status: 'failure', message: 'Too long', code: 401 }),
      'auth',
      'Too long',
    ],
    [
      'a page with status 200',
      body('<!doctype html><title>Sign in</title>', 'text/html'),
      'bad-data',
      'Sign in',
    ],
    ['a text with status 200', body('Starting up', 'text/plain'), 'bad-data', 'Starting up'],
    [
      'an event named error',
      body('event: error\ndata: {"message":"Too long","code":429}\n\n'),
      'quota',
      'Too long',
    ],
    [
      'a list in the stream',
      body('data: [{"error":{"code":503,"message":"Too long","status":"UNAVAILABLE"}}]\n\n'),
      'network',
      'Too long',
    ],
    [
      'vLLM in the stream',
      body('data: {"error":{"object":"error","message":"Too long","type":"BadRequestError","code":400}}\n\n'),
      'bad-request',
      'Too long',
    ],
    [
      'an error of the choice',
      body(frame({ delta: {}, finish_reason: 'error', error: { code: 429, message: 'Too long' } })),
      'quota',
      'Too long',
    ],
  ])('%s', async (_what, script, errorClass, message) => {
    const error = await faultOf(script)
    expect(error).toMatchObject({ name: 'ProviderError', class: errorClass })
    expect(error.message).toContain(message)
  })

  it('comes behind the words that were there before it', async () => {
    const server = await loopback()
    server.next(PATH, body(says('Nine') + 'data: {"error":"broken"}\n\n'))
    const events: string[] = []
    const reading = async () => {
      for await (const event of llmAt(server).reply(ask('hi'), never)) events.push(event.type)
    }
    expect((await rejection(reading())).message).toContain('broken')
    expect(events).toEqual(['text'])
  })

  it('is asked again, once, where the model failed to write a call', async () => {
    const failed = refusal(400, { message: 'Failed to call a function', code: 'tool_use_failed' })
    const { events, server, context } = await answerTo(failed)
    expect(textOf(events)).toBe('Hello there.')
    expect(server.requests).toHaveLength(2)
    expect(context.metrics.value('openai_llm_asked_again_total')).toBe(1)
    expect((await faultOf(failed)).message).toContain('Failed to call')
  })
})

describe('a conversation as servers take it', () => {
  async function sent(
    messages: readonly LlmMessage[],
    given: Record<string, unknown> = {},
    server?: LoopbackOpenai,
  ) {
    const asked = server ?? (await loopback())
    await collect(llmAt(asked, given).reply(asking(messages), never))
    return asked.requests.at(-1)!.json.messages as {
      role: string
      content: string
      tool_calls?: any[]
    }[]
  }
  const call = { id: 'a', name: 'weather', arguments: '{}' }

  it('begins with the caller and alternates for templates that refuse anything else', async () => {
    const talk: LlmMessage[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: 'Hi.' },
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: 'One moment.' },
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', toolCallId: 'a', content: '31' },
      { role: 'user', content: 'Well?' },
    ]
    const roles = async (given: Record<string, unknown>) => (await sent(talk, given)).map(({ role }) => role)
    const strict = ['system', 'user', 'assistant', 'user', 'assistant', 'tool', 'assistant', 'user']
    expect(await roles({ model: 'google/gemma-3-12b-it' })).toEqual(strict)
    expect(await roles({ model: 'Mistral-Small-24B', message_order: 'auto' })).toEqual(strict)
    expect(await roles({ model: 'gpt-4o-mini', message_order: 'alternate' })).toEqual(strict)
    const free = talk.map(({ role }) => role)
    expect(await roles({ model: 'gpt-4o-mini' })).toEqual(free)
    expect(await roles({ model: 'gemma', message_order: 'any' })).toEqual(free)
    const merged = await sent(talk, { model: 'gemma3' })
    expect(merged[3]!.content).toBe('Hi.\nWeather?')
    expect(merged[4]).toMatchObject({ content: 'One moment.', tool_calls: [{ id: 'a' }] })
  })

  it('takes back what came with a call, in its place, and arguments that are an object', async () => {
    const extra_content = { google: { thought_signature: 'SIG' } }
    const odd = { index: 0, id: 'a', extra_content, function: { name: 'weather', arguments: '{}', mark: 1 } }
    const { events, server } = await answerTo(body(calls(odd) + stop))
    const made = events.find((event) => event.type === 'tool-call')!
    const { type: _, ...kept } = made
    const talk = (toolCall: typeof call): LlmMessage[] => [
      { role: 'user', content: 'Hi.' },
      { role: 'assistant', content: '', toolCalls: [toolCall] },
      { role: 'tool', toolCallId: 'a', content: '31' },
    ]
    const back = (await sent(talk(kept), {}, server))[1]!
    expect(back).toMatchObject({ content: '', tool_calls: [{ extra_content, function: { mark: 1 } }] })
    for (const [args, want] of [
      ['"{\\"city\\":\\"Haifa\\"}"', '{"city":"Haifa"}'],
      ['{"ci', '{}'],
      ['null', '{}'],
    ] as const) {
      expect((await sent(talk({ ...call, arguments: args })))[1]!.tool_calls![0].function.arguments).toBe(
        want,
      )
    }
  })

  it('keeps its connection behind an answer that ends with [DONE]', async () => {
    const server = await loopback()
    const llm = llmAt(server)
    server.always(PATH, chatText(['Nine.']))
    for (const turn of ['1', '2']) {
      await collect(llm.reply(ask(turn), never))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(1)
  })
})
