import { ProviderError } from '@kav/core'
import { describe, expect, it } from 'vitest'
import { callBlock, message, textBlock, thinkingBlock } from './anthropic-wire.ts'
import { candidate } from './google-wire.ts'
import { openLoopback, type Script } from './loopback.ts'
import { ANTHROPIC, asking, collect, GOOGLE, HELLO, SECRET, talking, weatherTool } from './setup.ts'

const ASKED = asking(HELLO.messages, [weatherTool])

/** What a script writes, event by event. */
async function eventsOf(script: Script): Promise<readonly object[]> {
  const written: object[] = []
  const events = async (more: readonly object[]): Promise<void> => void written.push(...more)
  await script({ events, end: () => undefined } as unknown as Parameters<Script>[0])
  return written
}

const sends =
  (events: readonly object[]): Script =>
  async (answering) => {
    await answering.events(events)
    answering.end()
  }

async function heardOf(script: Script, paramsAt = ANTHROPIC) {
  const { llm } = await talking(script, paramsAt)
  const events: { readonly type: string }[] = []
  let error: unknown
  try {
    for await (const event of llm.reply(ASKED, new AbortController().signal)) events.push(event)
  } catch (thrown) {
    error = thrown
  }
  return { events, error, types: events.map(({ type }) => type) }
}

const WHOLE = message(
  [
    thinkingBlock(0, 'They ask.', 'c2ln'),
    textBlock(1, ['Let me', ' look.']),
    callBlock(2, 'toolu_1', 'weather', '{"city":"Haifa"}'),
  ],
  'tool_use',
)

describe('an answer of Anthropic', () => {
  it('that is cut behind any of its events is a fault, and none of its calls is made', async () => {
    const events = await eventsOf(WHOLE)
    // Behind the reason for its end nothing is missing.
    const last = events.findIndex((event) => 'type' in event && event.type === 'message_delta')
    for (let at = 0; at < last; at++) {
      const { types, error } = await heardOf(sends(events.slice(0, at)))
      expect(error, `behind ${at}`).toBeInstanceOf(ProviderError)
      expect(types, `behind ${at}`).not.toContain('end')
      expect(types, `behind ${at}`).not.toContain('tool-call')
    }
  })

  it('with an error behind any of its events keeps the class of that', async () => {
    const events = await eventsOf(WHOLE)
    const error = { type: 'error', error: { type: 'rate_limit_error', message: `slow down ${SECRET}` } }
    for (let at = 0; at < events.length - 2; at++) {
      const heard = await heardOf(sends([...events.slice(0, at), error]))
      expect(heard.error, `behind ${at}`).toMatchObject({ class: 'quota' })
      expect(String(heard.error)).not.toContain('verysecret')
      expect(heard.types).not.toContain('tool-call')
    }
  })

  it('with pings, events of another age and empty pieces between is that answer', async () => {
    const events = await eventsOf(WHOLE)
    const between = [
      { type: 'ping' },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: '' } },
    ]
    const whole = await heardOf(WHOLE)
    const odd = await heardOf(
      sends(events.flatMap((event, at) => (at === 8 ? [event, ...between] : [event, between[0]!]))),
    )
    const told = (events: unknown) => JSON.stringify(events).replace(/127\.0\.0\.1:\d+/g, '')
    expect(told(odd.events)).toBe(told(whole.events))
  })

  it.each(['{"city":"Haifa \\u00e9 \\"x\\""}', '{ }'])(
    'has its call in pieces of any size: %s',
    async (input) => {
      for (const size of [1, 2, 5]) {
        const pieces = input.match(new RegExp(`.{1,${size}}`, 'gu'))!
        const block = [
          {
            type: 'content_block_start',
            index: 0,
            content_block: { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} },
          },
          ...pieces.map((partial_json) => ({
            type: 'content_block_delta',
            index: 0,
            delta: { type: 'input_json_delta', partial_json },
          })),
          { type: 'content_block_stop', index: 0 },
        ]
        const { events } = await heardOf(message([block], 'tool_use'))
        expect(events).toContainEqual(
          expect.objectContaining({ type: 'tool-call', name: 'weather', arguments: input }),
        )
      }
    },
  )

  it.each(['', '{"ci'])('that ran out of tokens in a call (%j) makes none', async (input) => {
    const { types, events } = await heardOf(
      message([textBlock(0, ['Well.']), callBlock(1, 'toolu_1', 'weather', input)], 'max_tokens'),
    )
    expect(types).not.toContain('tool-call')
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'length' })
  })

  it('without usage counts nothing', async () => {
    const events = (await eventsOf(WHOLE)).map(
      (event) =>
        JSON.parse(JSON.stringify(event), (key, value: unknown) =>
          key === 'usage' ? undefined : value,
        ) as object,
    )
    const { types, error } = await heardOf(sends(events))
    if (error === undefined) expect(types.at(-1)).toBe('end')
    else expect(error).toBeInstanceOf(ProviderError)
  })
})

describe('an answer of Google', () => {
  const functionCall = (name: string, args?: object) => ({ functionCall: { name, ...(args && { args }) } })

  it('with several calls in one piece, one without arguments, makes each', async () => {
    const { events } = await heardOf(
      candidate([functionCall('weather', { city: 'Haifa' }), functionCall('weather')]),
      GOOGLE,
    )
    const made = events.filter(({ type }) => type === 'tool-call') as unknown as {
      id: string
      arguments: string
    }[]
    expect(made.map((each) => JSON.parse(each.arguments) as unknown)).toEqual([{ city: 'Haifa' }, {}])
    expect(new Set(made.map(({ id }) => id)).size).toBe(2)
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'tool-calls' })
  })

  it.each([
    ['SAFETY', 'content-filter'],
    ['RECITATION', 'content-filter'],
    ['MAX_TOKENS', 'length'],
    ['STOP', 'stop'],
  ])('that ended by %s says so', async (reason, expected) => {
    const { events } = await heardOf(candidate([{ text: 'So' }], reason), GOOGLE)
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: expected })
  })

  it('whose call could not be written is a fault', async () => {
    const { error } = await heardOf(candidate([], 'MALFORMED_FUNCTION_CALL'), GOOGLE)
    expect(error).toMatchObject({ class: 'bad-data' })
  })
})

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])(
    '%i elsewhere is not followed, and gives no key away',
    async (status) => {
      const elsewhere = await openLoopback(({ json }) => json(200, {}))
      const { error } = await heardOf(({ json }) =>
        json(status, {}, { location: `${elsewhere.url}/v1/messages?key=${SECRET}` }),
      )
      expect(error).toBeInstanceOf(ProviderError)
      expect(elsewhere.asked).toEqual([])
      expect(String(error)).not.toContain('verysecret')
      await elsewhere.close()
    },
  )
})

describe('a refusal', () => {
  it.each([
    `invalid x-api-key: ${SECRET}`,
    `Authorization: Bearer ${SECRET}`,
    `https://user:${SECRET}@api.example/v1?api_key=${SECRET}`,
    JSON.stringify({ api_key: SECRET, headers: { 'x-goog-api-key': SECRET } }),
  ])('repeats no secret: %j', async (text) => {
    const { error } = await heardOf(({ json }) =>
      json(401, { type: 'error', error: { type: 'authentication_error', message: text } }),
    )
    expect(error).toMatchObject({ class: 'auth' })
    const { message: told, details, cause } = error as ProviderError
    expect(JSON.stringify([told, details, String(cause ?? '')])).not.toContain('verysecret')
  })

  it('that is a page, nothing, or a list is told by its status', async () => {
    for (const body of ['<html><title>502 Bad Gateway</title></html>', '', [1, 2], null, 17]) {
      const { error } = await heardOf(({ json }) => json(502, body))
      expect(error).toMatchObject({ class: 'network', details: { status: 502 } })
    }
  })
})

it('two answers at once do not meet', async () => {
  const { llm } = await talking(WHOLE)
  const [one, other] = await Promise.all([collect(llm, ASKED), collect(llm, ASKED)])
  expect(one).toEqual(other)
})
