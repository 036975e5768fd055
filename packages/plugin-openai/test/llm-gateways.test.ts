import { describe, expect, it } from 'vitest'
import type { LlmTool } from '@kav/core'
import { chatChunk } from '../src/testing/index.ts'
import { answer, event, faultOf, frame, NINE, PATH, says, WORDS } from './gateway-answers.ts'
import { ask, collect, llmAt, loopback, never, textOf } from './setup.ts'

const ends = (finish_reason: unknown = 'stop', more = {}) => frame({ delta: {}, finish_reason }, more)
const calls = (...tool_calls: unknown[]) => frame({ delta: { tool_calls } })
const DONE = 'data: [DONE]\n\n'

const tool = (name: string): LlmTool => ({
  name,
  description: 'x',
  parameters: { type: 'object', properties: { size: { type: 'integer' } } },
})
const TOOLS = [tool('book'), tool('find_guest'), tool('hang_up')]

async function eventsOf(text: string) {
  const server = await loopback()
  server.next(PATH, answer(text))
  return collect(llmAt(server).reply(ask('hi', TOOLS), never))
}

async function callsOf(text: string) {
  const made = (await eventsOf(text)).filter((each) => each.type === 'tool-call')
  expect(new Set(made.map(({ id }) => id)).size).toBe(made.length)
  return made.map(({ name, arguments: args }) => [name, JSON.parse(args)] as const)
}

describe('words of servers and gateways', () => {
  const whole = { role: 'assistant', content: NINE }
  it.each<readonly [string, string]>([
    ['an end as an object', WORDS + ends({ type: 'stop' })],
    ['an end as a number', WORDS + ends(1)],
    ['text in the delta', frame({ delta: { text: NINE } }) + ends()],
    ['a refusal', frame({ delta: { refusal: NINE } }) + ends()],
    ['a part of no type', says([{ type: null, text: NINE }]) + ends()],
    ['a part of another type', says([{ type: 'thinking', text: 'x' }, { text: NINE }]) + ends()],
    [
      'the message so far, with a delta that is null',
      frame({ delta: null, message: { content: 'We open' } }) +
        frame({ delta: null, message: whole }) +
        ends(),
    ],
    ['an end that is the text null', frame({ delta: { content: NINE }, finish_reason: 'null' }) + ends()],
    ['DONE in small letters', WORDS + event('[done]')],
    ['DONE without brackets', WORDS + event('DONE')],
    ['DONE as JSON', WORDS + event('"[DONE]"')],
    ['DONE in the event before it', `${WORDS.trimEnd()}\ndata: [DONE]\n\n`],
    ['DONE as the name of an event', `${WORDS}event: done\ndata: {}\n\n`],
    ['data: twice', (WORDS + ends() + DONE).replaceAll('data: ', 'data: data: ')],
    ...['[PING]', '[HEARTBEAT]', '{ping}', '[START]'].map(
      (sign) => [sign, event(sign) + WORDS + ends()] as const,
    ),
    ...[{}, [], { code: 0, message: '' }, { code: null, message: null }].map(
      (error) => [`error: ${JSON.stringify(error)}`, says(NINE, { error }) + ends()] as const,
    ),
    ['a code that says OK', event({ code: 'OK', message: 'started' }) + WORDS + ends()],
    ['a notice with code 200', event({ code: 200, message: 'processing' }) + WORDS + ends()],
    ['no choice', event({ choices: [null] }) + WORDS + ends()],
    ['the whole message behind its pieces', WORDS + frame({ message: whole, finish_reason: 'stop' })],
    ['all words again with the end', WORDS + frame({ delta: whole, finish_reason: 'stop' })],
    [
      'the message so far each time',
      frame({ message: { content: 'We open' } }) + frame({ message: whole }) + ends(),
    ],
    [
      'the last piece twice',
      says('We open') + frame({ delta: { content: ' at nine.' }, finish_reason: 'stop' }).repeat(2),
    ],
    ['a part with a thought mark', says([{ text: 'x', thought: true }, null, { text: NINE }]) + ends()],
    [
      'a part of another name',
      says([{ type: 'text_delta', text: 'We open' }]) + says([{ type: 'TEXT', text: ' at nine.' }]) + ends(),
    ],
    ['a delta that is a text', frame({ delta: 'We open' }) + frame({ delta: ' at nine.' }) + ends()],
    ['text in place of a delta', frame({ text: NINE }) + ends()],
    ...[
      { refusal: false },
      { refusal: {} },
      { function_call: '' },
      { function_call: { name: null, arguments: null } },
      { tool_calls: '' },
      { tool_calls: {} },
      { tool_calls: [null] },
      { tool_calls: [{}] },
      { tool_calls: false },
      { tool_calls: '[]' },
    ].map((odd) => [JSON.stringify(odd), frame({ delta: { content: NINE, ...odd } }) + ends()] as const),
    [
      'an answer in data',
      event({ data: chatChunk({ delta: whole }) }) +
        event({ data: chatChunk({ delta: {}, finish_reason: 'stop' }) }),
    ],
    [
      'a result with success',
      JSON.stringify({ success: true, errors: [], result: { choices: [{ message: whole }] } }),
    ],
  ])('%s: they are said once', async (_what, sent) => {
    const events = await eventsOf(sent)
    expect(textOf(events)).toBe(NINE)
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'stop' })
  })

  it.each<readonly [string, string]>([
    [says('Ha') + frame({ delta: { content: 'Ha' }, finish_reason: 'stop' }), 'HaHa'],
    [says('No') + says(' no') + frame({ delta: { content: ' no' }, finish_reason: 'stop' }), 'No no no'],
    [says('Nine. Nine. ').repeat(2) + ends(), 'Nine. Nine. Nine. Nine. '],
    [says('Hm. ') + frame({ message: whole }) + ends(), `Hm. ${NINE}`],
  ])('that are meant to be said again are: %#', async (sent, said) => {
    expect(textOf(await eventsOf(sent))).toBe(said)
  })

  it('a number among them is said', async () => {
    expect(textOf(await eventsOf(says('At ') + says(9) + says('.') + says(false) + ends()))).toBe('At 9.')
  })

  it.each([
    ...['max_tokens', 'MAX_TOKENS', 'model_length', 'max_output_tokens'].map((word) => [word, 'length']),
    ...['SAFETY', 'content-filter', 'guardrail_intervened', 'sensitive', 'RECITATION'].map((word) => [
      word,
      'content-filter',
    ]),
    ...['eos', 'end_turn', 'STOP', 'COMPLETE', 'stop_sequence'].map((word) => [word, 'stop']),
  ])('%s is the end by %s, and calls that may be cut are not made', async (word, reason) => {
    expect((await eventsOf(WORDS + ends(word))).at(-1)).toEqual({ type: 'end', reason })
    const made = await callsOf(calls({ id: 'a', function: { name: 'hang_up', arguments: '' } }) + ends(word))
    expect(made).toHaveLength(reason === 'stop' ? 1 : 0)
  })

  it.each(['insufficient_system_resource', 'network_error', 'cancelled', 'server_error'])(
    '%s is a failure behind the words',
    async (word) => expect((await faultOf(WORDS + ends(word))).message).toContain(word),
  )

  it('a call that the model could not write is asked for once more', async () => {
    const server = await loopback()
    server.next(PATH, answer(ends('MALFORMED_FUNCTION_CALL')))
    expect(textOf(await collect(llmAt(server).reply(ask('hi', TOOLS), never)))).toBe('Hello there.')
    expect(server.requests).toHaveLength(2)
  })

  const usage = { prompt_tokens: 10, completion_tokens: 4 }
  it.each<readonly [string, string]>([
    ['beside the answer (Groq)', WORDS + ends('stop', { x_groq: { usage } })],
    ['in the choice (Kimi)', WORDS + frame({ delta: {}, finish_reason: 'stop', usage })],
    [
      'before one of zeros',
      says(NINE, { usage }) + ends('stop', { usage: { prompt_tokens: 0, completion_tokens: 0 } }),
    ],
    ['before an empty one', says(NINE, { usage }) + ends('stop', { usage: {} })],
    [
      'one after the other',
      says(NINE, { usage: { prompt_tokens: 10 } }) + ends('stop', { usage: { completion_tokens: 4 } }),
    ],
    ['as text', WORDS + ends('stop', { usage: { prompt_tokens: '10', completion_tokens: '4' } })],
    ['by other names', WORDS + ends('stop', { usage: { input_tokens: 10, output_tokens: 4 } })],
    ['as a total', WORDS + ends('stop', { usage: { prompt_tokens: 10, total_tokens: 14 } })],
  ])('are counted as told: %s', async (_what, sent) => {
    const told = (await eventsOf(sent)).filter(({ type }) => type === 'usage')
    expect(told).toEqual([{ type: 'usage', inputTokens: 10, outputTokens: 4 }])
  })
})

describe('calls of servers and gateways', () => {
  const ARGS = '{"size":4}'
  const first = (name: string, args: unknown, more = {}) =>
    calls({ index: 0, id: 'a', function: { name, arguments: args }, ...more })
  const piece = (args: unknown, more = {}) => calls({ index: 0, function: { arguments: args }, ...more })
  const again = (name: string, args: unknown) => calls({ index: 0, function: { name, arguments: args } })
  const end = ends('tool_calls')
  const book = ['book', { size: 4 }] as const
  const find = ['find_guest', { name: 'Dana' }] as const

  it.each<readonly [string, string]>([
    ['a name in pieces', first('bo', '') + again('ok', '') + piece(ARGS)],
    ['a name in pieces, the last with arguments', first('bo', null) + again('ok', ARGS)],
    ['a name that grows', first('bo', '') + again('book', '') + piece(ARGS)],
    [
      'its name in each piece, and nothing at the end',
      first('book', '') + again('book', ARGS) + again('book', ''),
    ],
    ['its name again, with null', first('book', ARGS) + again('book', null)],
    ['the arguments so far in each piece', first('book', '{"si') + piece('{"size":') + piece(ARGS)],
    ['the same by name', first('book', '') + first('book', '{"size":') + first('book', ARGS)],
    ['all of it again, without an id', first('book', ARGS) + piece(ARGS)],
    ['all of it again, with spaces', first('book', ARGS) + first('book', '{ "size": 4 }')],
    [
      'the whole message behind it, with another id',
      first('book', '{"si') +
        piece('ze":4}') +
        frame({
          message: { content: '', tool_calls: [{ id: 'z', function: { name: 'book', arguments: ARGS } }] },
        }),
    ],
    ...['{}', {}, 'null', '""'].map(
      (nothing) =>
        [
          `${JSON.stringify(nothing)} before the first piece`,
          first('book', nothing) + piece('{"si') + piece('ze":4}'),
        ] as const,
    ),
    ['{} with its name first', first('book', '{}') + first('book', ARGS)],
    ['{} behind it', first('book', ARGS) + piece('{}')],
    ['{} behind it, with its name', first('book', ARGS) + first('book', '{}')],
    ['a brace too many', first('book', `${ARGS}}`)],
    ['a token behind it', first('book', `${ARGS}<|im_end|>`)],
    ['a tag behind it', first('book', `${ARGS}\n</tool_call>`)],
    ['a number as text', first('book', ARGS, { index: '0' })],
    [
      'pieces that are numbered',
      first('book', '') + piece('{"si', { index: 1 }) + piece('ze":4}', { index: 2 }),
    ],
    ['no function', calls({ id: 'a', name: 'book', arguments: { size: 4 } })],
    ['parameters', calls({ id: 'a', function: { name: 'book', parameters: { size: 4 } } })],
    ['input', calls({ id: 'a', name: 'book', input: { size: 4 } })],
    ['args', calls({ id: 'a', function: { name: 'book', args: { size: 4 } } })],
    ['one call without a function', frame({ delta: { tool_call: { id: 'a', name: 'book', input: ARGS } } })],
    ...[undefined, false, '', 'null', 'None'].map(
      (finish_reason) =>
        [
          `an end that is none (${finish_reason})`,
          frame({
            delta: { tool_calls: [{ index: 0, id: 'a', function: { name: 'book', arguments: '{"si' } }] },
            finish_reason,
          }) + piece('ze":4}'),
        ] as const,
    ),
    ['a custom tool', calls({ id: 'a', type: 'custom', custom: { name: 'book', input: ARGS } })],
    [
      'calls as text',
      frame({
        delta: { tool_calls: JSON.stringify([{ id: 'a', function: { name: 'book', arguments: ARGS } }]) },
      }),
    ],
    [
      'calls as a map',
      frame({ delta: { tool_calls: { 0: { id: 'a', function: { name: 'book', arguments: ARGS } } } } }),
    ],
    ['one call', frame({ delta: { tool_call: { id: 'a', function: { name: 'book', arguments: ARGS } } } })],
    [
      'calls beside the delta',
      frame({ delta: {}, tool_calls: [{ id: 'a', function: { name: 'book', arguments: ARGS } }] }),
    ],
    [
      'the old field as well',
      frame({
        delta: {
          function_call: { name: 'book', arguments: ARGS },
          tool_calls: [{ function: { name: 'book', arguments: ARGS } }],
        },
      }),
    ],
  ])('%s is one call', async (_what, sent) => {
    expect(await callsOf(sent + end)).toEqual([book])
  })

  it.each<readonly [string, Record<string, unknown>]>([
    ['without an index', {}],
    ['with one index', { index: 0 }],
  ])('pieces by turns %s go to the call of their id', async (_what, at) => {
    const sent =
      calls({ ...at, id: 'a', function: { name: 'book', arguments: '' } }) +
      calls({ ...at, id: 'b', function: { name: 'find_guest', arguments: '' } }) +
      calls({ ...at, id: 'a', function: { arguments: ARGS } }) +
      calls({ ...at, id: 'b', function: { arguments: '{"name":"Dana"}' } })
    expect(await callsOf(sent + end)).toEqual([book, find])
  })

  it('pieces by turns go to the call of their index, which may be a text', async () => {
    const at = (index: string, called: object) => calls({ index, function: called })
    const sent =
      at('0', { name: 'book', arguments: '' }) +
      at('1', { name: 'find_guest', arguments: '' }) +
      at('0', { arguments: ARGS }) +
      at('1', { arguments: '{"name":"Dana"}' })
    expect(await callsOf(sent + end)).toEqual([book, find])
  })

  it.each<readonly [string, string]>([
    ['a number', calls({ id: 7, name: 'book', arguments: ARGS })],
    ['alone in the first piece', calls({ index: 0, id: '7' }) + again('book', ARGS)],
  ])('an id that is %s is kept, and what is known of a call is not kept twice', async (_what, sent) => {
    expect((await eventsOf(sent + end))[0]).toEqual({
      ...{ type: 'tool-call', id: '7', name: 'book', arguments: ARGS },
    })
  })

  it('a name in pieces is not the tool that it begins with', async () => {
    const sent = first('find', '') + again('_guest', '') + piece('{"name":"Dana"}')
    expect(await callsOf(sent + end)).toEqual([find])
  })

  it('one that is complete and cannot be read is handed on: the model is told, and writes it anew', async () => {
    const made = (await eventsOf(first('book', "{'size': 4}") + end)).filter(
      ({ type }) => type === 'tool-call',
    )
    expect(made).toMatchObject([{ name: 'book', arguments: "{'size': 4}" }])
    expect(await callsOf(first('book', '{"si') + DONE)).toEqual([])
  })

  it('those whose ids differ in their last digit are two, and an object of them keeps each digit', async () => {
    const [one, other] = ['{"id":9007199254740992}', '{"id":9007199254740993}'] as const
    const made = await eventsOf(first('find_guest', one) + again('find_guest', other) + end)
    expect(made).toMatchObject([{ arguments: one }, { arguments: other }, { type: 'end' }])
    const sent = event(
      `{"choices":[{"delta":{"tool_calls":[{"function":{"name":"book","arguments":${other}}}]}}]}`,
    )
    expect(await callsOf(sent + end)).toEqual([['book', { id: '9007199254740993' }]])
  })

  it('blank arguments are none', async () => {
    expect(await callsOf(first('hang_up', ' \n') + end)).toEqual([['hang_up', {}]])
  })
})
