import { createFakeClock, testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { chatChunk, type HttpScript, refusal, silence } from '../src/testing/index.ts'
import { ask, collect, llmAt, loopback, never, rejection, textOf } from './setup.ts'

const PATH = '/chat/completions'
const word: HttpScript = ({ event }) => event(chatChunk({ delta: { content: 'Well, ' } }))

async function faultOf(script: HttpScript, given: Record<string, unknown> = {}) {
  const server = await loopback()
  server.next(PATH, script)
  const error = await rejection(collect(llmAt(server, given).reply(ask('hi'), never)))
  return { error, requests: server.requests.length }
}

describe('what a server refuses', () => {
  it.each([
    ['400', 400, { message: 'Bad temperature', code: 'unsupported_value' }, 'bad-request', false],
    ['401', 401, { message: 'Incorrect API key provided', code: 'invalid_api_key' }, 'auth', false],
    ['403', 403, { message: 'No access to the project' }, 'auth', false],
    [
      '403 for the country',
      403,
      { message: 'no', code: 'unsupported_country_region_territory' },
      'bad-request',
      false,
    ],
    ['404', 404, { message: 'No model gpt-9', code: 'model_not_found' }, 'bad-request', false],
    ['409', 409, { message: 'Conflict' }, 'network', true],
    ['422', 422, { message: 'Unprocessable' }, 'bad-request', false],
    [
      '429 too fast',
      429,
      { message: 'Slow down', type: 'requests', code: 'rate_limit_exceeded' },
      'quota',
      true,
    ],
    [
      '429 unpaid',
      429,
      { message: 'Pay', type: 'insufficient_quota', code: 'insufficient_quota' },
      'quota',
      false,
    ],
    ['500', 500, { message: 'The server had an error', type: 'server_error' }, 'network', true],
    ['503', 503, { message: 'Overloaded' }, 'network', true],
  ])('%s is a fault of its class, in one request', async (_name, status, body, errorClass, retryable) => {
    const { error, requests } = await faultOf(refusal(status, body))
    expect(error).toMatchObject({ name: 'ProviderError', class: errorClass, retryable })
    expect(error.message).toContain(body.message)
    expect(error.details).toMatchObject({ status, requestId: 'req_loopback' })
    expect(requests).toBe(1)
  })

  it('keeps the wait the server asks for', async () => {
    const { error } = await faultOf(refusal(429, { message: 'Slow' }, { 'retry-after-ms': '1500' }))
    expect(error.details.retryAfterMs).toBe(1500)
  })

  it('repeats no key in the message', async () => {
    const { error } = await faultOf(refusal(401, { message: 'Incorrect API key: sk-proj-12**********cdef.' }))
    expect(error.message).not.toMatch(/sk-proj/)
    expect(error.message).toContain('[key]')
  })

  it('says which server cannot be reached', async () => {
    const llm = llmAt({ baseUrl: 'http://127.0.0.1:9/v1' })
    const error = await rejection(collect(llm.reply(ask('hi'), never)))
    expect(error).toMatchObject({ class: 'network', retryable: true })
    expect(error.message).toContain('127.0.0.1:9')
  })
})

describe('what breaks in mid-answer', () => {
  it('a stream without a finish reason is an error, not an answer', async () => {
    const { error } = await faultOf(async (exchange) => {
      await word(exchange)
      exchange.end()
    })
    expect(error).toMatchObject({ class: 'network', retryable: true })
    expect(error.message).toContain('finish reason')
  })

  it('a cut connection is a network fault', async () => {
    const { error } = await faultOf(async (exchange) => {
      await word(exchange)
      exchange.cut()
    })
    expect(error).toMatchObject({ class: 'network', retryable: true })
  })

  it('an error inside the stream keeps its class', async () => {
    const { error } = await faultOf(async (exchange) => {
      await word(exchange)
      await exchange.event({
        error: { message: 'Too many tokens', type: 'tokens', code: 'rate_limit_exceeded' },
      })
      exchange.end()
    })
    expect(error).toMatchObject({ class: 'quota', retryable: true })
  })

  it('an error chunk of vLLM keeps its class', async () => {
    const { error } = await faultOf(async (exchange) => {
      await exchange.event({
        object: 'error',
        message: 'context too long',
        type: 'BadRequestError',
        code: 400,
      })
      exchange.end()
    })
    expect(error).toMatchObject({ class: 'bad-request' })
  })

  it('a gateway that gives up is a network fault', async () => {
    const { error } = await faultOf(async (exchange) => {
      await exchange.event(chatChunk({ delta: {}, finish_reason: 'error' }))
      exchange.end()
    })
    expect(error).toMatchObject({ class: 'network', retryable: true })
  })

  it('broken JSON is bad data, and is printed nowhere', async () => {
    const { error } = await faultOf(async (exchange) => {
      await exchange.write('data: {"choices": [{\n\n')
      exchange.end()
    })
    expect(error).toMatchObject({ class: 'bad-data' })
  })

  it('an answer that is complete survives what breaks behind it', async () => {
    const server = await loopback()
    let cut: () => void = () => undefined
    server.next(PATH, async (exchange) => {
      const whole = [{ delta: { content: 'Done.' } }, { delta: {}, finish_reason: 'stop' }]
      await exchange.write(whole.map((choice) => `data: ${JSON.stringify(chatChunk(choice))}\n\n`).join(''))
      cut = exchange.cut
    })
    const events = []
    for await (const event of llmAt(server).reply(ask('hi'), never)) {
      events.push(event)
      cut()
    }
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'stop' })
  })
})

describe('deadlines', () => {
  it('a slow first token ends the request', async () => {
    const server = await loopback()
    server.next(PATH, silence)
    const time = createFakeClock()
    const llm = llmAt(server, { first_token_timeout_ms: 2000 }, testContext({ clock: time.clock }))
    const failed = rejection(collect(llm.reply(ask('hi'), never)))
    const request = await server.request(PATH)
    await time.advance(2000)
    expect(await failed).toMatchObject({ class: 'timeout', retryable: true })
    await request.abandoned
    expect(time.pending()).toBe(0)
  })

  it('a body that stalls ends the request', async () => {
    const server = await loopback()
    server.next(PATH, word)
    const time = createFakeClock()
    const llm = llmAt(server, { idle_timeout_ms: 700 }, testContext({ clock: time.clock }))
    const reply = llm.reply(ask('hi'), never)[Symbol.asyncIterator]()
    expect((await reply.next()).value).toEqual({ type: 'text', text: 'Well, ' })
    await time.advance(60_000)
    const failed = rejection(reply.next())
    const request = await server.request(PATH)
    await time.advance(699)
    await time.advance(1)
    expect(await failed).toMatchObject({ class: 'timeout' })
    await request.abandoned
  })

  it('a line held open after the end does not hold the end back', async () => {
    const server = await loopback()
    server.next(PATH, async (exchange) => {
      await word(exchange)
      await exchange.event(chatChunk({ delta: {}, finish_reason: 'stop' }))
    })
    const time = createFakeClock()
    const reply = collect(llmAt(server, {}, testContext({ clock: time.clock })).reply(ask('hi'), never))
    while (time.pending() === 0) await time.settle()
    const request = await server.request(PATH)
    let over = false
    void request.abandoned.then(() => (over = true))
    while (!over) await time.advance(100)
    expect((await reply).at(-1)).toEqual({ type: 'end', reason: 'stop' })
  })
})

describe('an abort', () => {
  it('before the request sends nothing', async () => {
    const server = await loopback()
    const events = await collect(llmAt(server).reply(ask('hi'), AbortSignal.abort()))
    expect(events).toEqual([])
    expect(server.requests).toHaveLength(0)
  })

  it('before the headers ends the request at the server, silently', async () => {
    const server = await loopback()
    server.next(PATH, silence)
    const control = new AbortController()
    const reply = collect(llmAt(server).reply(ask('hi'), control.signal))
    const request = await server.request(PATH)
    control.abort()
    expect(await reply).toEqual([])
    await request.abandoned
  })

  it('in mid-answer ends the request at the server and costs nothing after', async () => {
    const server = await loopback()
    let written = 0
    server.next(PATH, async (exchange) => {
      let gone = false
      void exchange.request.abandoned.then(() => (gone = true))
      for (; !gone; written++) await word(exchange)
    })
    const context = testContext()
    const control = new AbortController()
    const events = []
    for await (const event of llmAt(server, {}, context).reply(ask('hi'), control.signal)) {
      events.push(event)
      if (events.length === 3) control.abort()
    }
    await (
      await server.request(PATH)
    ).abandoned
    expect(textOf(events)).toBe('Well, Well, Well, ')
    expect(context.metrics.value('openai_llm_requests_total', { outcome: 'cancelled' })).toBe(1)
  })

  it('leaving the iteration ends the request at the server', async () => {
    const server = await loopback()
    server.next(PATH, word)
    for await (const event of llmAt(server).reply(ask('hi'), never)) {
      expect(event.type).toBe('text')
      break
    }
    await (
      await server.request(PATH)
    ).abandoned
  })

  it('closing the provider ends every reply', async () => {
    const server = await loopback()
    server.next(PATH, word)
    const llm = llmAt(server)
    const failed = rejection(collect(llm.reply(ask('hi'), never)))
    const request = await server.request(PATH)
    await llm.close()
    expect(await failed).toMatchObject({ class: 'cancelled' })
    await request.abandoned
  })
})
