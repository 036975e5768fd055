import { ProviderError, type ProviderErrorClass } from '@kav/core'
import { testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { begun, refusal } from './anthropic-wire.ts'
import * as google from './google-wire.ts'
import type { Script } from './loopback.ts'
import { ANTHROPIC, collect, createLlm, GOOGLE, HELLO, SECRET, talking } from './setup.ts'

async function faultOf(script: Script, paramsAt = ANTHROPIC) {
  const context = testContext()
  const { server, llm } = await talking(script, paramsAt, context)
  const events: unknown[] = []
  let thrown: unknown
  try {
    for await (const event of llm.reply(HELLO, new AbortController().signal)) events.push(event)
  } catch (error) {
    thrown = error
  }
  if (!(thrown instanceof ProviderError)) throw new Error('expected a ProviderError', { cause: thrown })
  const asked = server.asked.length
  return { error: thrown, events, asked, context }
}

describe('a refusal', () => {
  it.each<[number, string, ProviderErrorClass, boolean]>([
    [400, 'invalid_request_error', 'bad-request', false],
    [401, 'authentication_error', 'auth', false],
    [403, 'permission_error', 'auth', false],
    [404, 'not_found_error', 'bad-request', false],
    [408, 'timeout_error', 'timeout', true],
    [413, 'request_too_large', 'bad-request', false],
    [429, 'rate_limit_error', 'quota', true],
    [500, 'api_error', 'network', true],
    [529, 'overloaded_error', 'network', true],
  ])('of Anthropic with %i %s is %s, and asked once', async (status, type, errorClass, retryable) => {
    const { error, asked, context } = await faultOf(refusal(status, type, 'The reason.'))
    expect(error).toMatchObject({ class: errorClass, retryable, details: { status, type } })
    expect(error.message).toMatch(new RegExp(`^reply from claude-haiku-4-5: ${status} The reason\\.`))
    expect(asked).toBe(1)
    expect(context.metrics.value('ai_sdk_llm_requests_total', { outcome: errorClass })).toBe(1)
  })

  it.each<[number, string, ProviderErrorClass]>([
    [400, 'INVALID_ARGUMENT', 'bad-request'],
    [403, 'PERMISSION_DENIED', 'auth'],
    [429, 'RESOURCE_EXHAUSTED', 'quota'],
    [503, 'UNAVAILABLE', 'network'],
  ])('of Google with %i %s is %s', async (status, type, errorClass) => {
    const { error, asked } = await faultOf(google.refusal(status, type, 'The reason.'), GOOGLE)
    expect(error).toMatchObject({ class: errorClass, details: { status, type } })
    expect(asked).toBe(1)
  })

  it('tells when to come back', async () => {
    const { error } = await faultOf(refusal(429, 'rate_limit_error', 'Slow down.', { 'retry-after': '7' }))
    expect(error.details).toMatchObject({ retryAfterMs: 7000 })
  })

  it('a balance that is used up is not tried again', async () => {
    const { error } = await faultOf(refusal(400, 'billing_error', 'Your credit balance is too low.'))
    expect(error).toMatchObject({ class: 'quota', retryable: false })
  })

  it('repeats no key', async () => {
    const { error } = await faultOf(refusal(401, 'authentication_error', `invalid x-api-key: ${SECRET}`))
    expect(error.message).toContain('401')
    expect(JSON.stringify([error.message, error.details, error.cause])).not.toContain(SECRET.slice(7))
  })

  it('without an end is read as far as a reason goes', async () => {
    const { error } = await faultOf(({ endless }) => endless(500))
    expect(error).toMatchObject({ class: 'network', details: { status: 500 } })
  })
})

describe('an answer that breaks', () => {
  it.each([
    { name: 'Anthropic', paramsAt: ANTHROPIC, events: begun(['One', 'two']) },
    { name: 'Google', paramsAt: GOOGLE, events: google.begun(['One', 'two']) },
  ])('$name: cut in the middle, it is a network fault behind what was said', async ({ paramsAt, events }) => {
    for (const how of ['end', 'reset'] as const) {
      const told = await faultOf(async (answering) => {
        await answering.events(events)
        answering[how]()
      }, paramsAt)
      expect(told.error).toMatchObject({ class: 'network', retryable: true })
      // What is reset may be lost before it was read.
      if (how === 'end') expect(told.events).toMatchObject([{ text: 'One' }, { text: 'two' }])
    }
  })

  it('an error in the middle keeps its class', async () => {
    const { error } = await faultOf(async ({ events, end }) => {
      await events([
        ...begun(['One']),
        { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      ])
      end()
    })
    expect(error).toMatchObject({ class: 'network', retryable: true, details: { type: 'overloaded_error' } })
  })

  it.each<[string, Script]>([
    ['a page', ({ text, end }) => (text('<html>welcome to the hotel</html>'), end())],
    ['no JSON', ({ text, end }) => (text('data: my card is 4580\n\n'), end())],
    ['another shape', ({ events }) => events([{ type: 'surprise', said: 'my card is 4580' }])],
    ['JSON', ({ json }) => json(200, { said: 'my card is 4580' })],
    ['nothing', ({ text, end }) => (text(''), end())],
  ])('%s is a fault that does not quote it', async (_name, script) => {
    const { error } = await faultOf(async (answering) => {
      await script(answering)
      answering.end()
    })
    expect(['bad-data', 'network']).toContain(error.class)
    expect(error.message).not.toMatch(/hotel|4580/)
  })

  it('a line without an end is given up', async () => {
    const { error } = await faultOf(({ endless }) => endless(200))
    expect(error).toMatchObject({ class: 'bad-data' })
    expect(error.message).toMatch(/longer than 16777216 bytes/)
  })
})

it('parts that are not known are left out and counted', async () => {
  const context = testContext({ baseDir: import.meta.dirname })
  const llm = createLlm({ package: './models/odd.mjs', model: 'm' }, context)
  expect((await collect(llm)).map(({ type }) => type)).toEqual(['text', 'usage', 'end'])
  expect(context.metrics.value('ai_sdk_llm_odd_parts_total')).toBe(2)
})

it('nothing listens', async () => {
  const llm = createLlm(ANTHROPIC('http://127.0.0.1:9'))
  await expect(collect(llm)).rejects.toMatchObject({ class: 'network', retryable: true })
  await llm.close()
})
