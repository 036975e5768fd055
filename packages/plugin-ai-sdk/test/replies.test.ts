import type { LlmMessage, LlmToolCall } from '@kav/core'
import { testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { begun, callBlock, message, textBlock, thinkingBlock } from './anthropic-wire.ts'
import { candidate } from './google-wire.ts'
import {
  ANTHROPIC,
  asking,
  collect,
  createLlm,
  GOOGLE,
  HELLO,
  SECRET,
  talking,
  weatherTool,
} from './setup.ts'

const said = message([textBlock(0, ['Hel', 'lo.'])])
const QUESTION: LlmMessage = { role: 'user', content: 'The weather in Haifa?' }
const THINKING = { anthropic: { thinking: { type: 'enabled', budgetTokens: 1024 } } }

describe('what is asked', () => {
  it('the key, the model, the limits and the tools reach the server', async () => {
    const { server, llm } = await talking(said, (url) => ({
      ...ANTHROPIC(url),
      max_tokens: 200,
      temperature: 0.3,
      headers: { 'x-line': 'desk' },
    }))
    await collect(llm, asking([QUESTION], [weatherTool]))
    const { path, headers, body } = server.asked[0]!
    expect(path).toBe('/v1/messages')
    expect(headers).toMatchObject({ 'x-api-key': SECRET, 'x-line': 'desk' })
    expect(body).toMatchObject({ model: 'claude-haiku-4-5', max_tokens: 200, temperature: 0.3, stream: true })
    expect(body.tools).toMatchObject([{ name: 'weather', input_schema: weatherTool.parameters }])
  })

  it('a greeting has a user before it, and system messages stand first, as one', async () => {
    const { server, llm } = await talking(said)
    await collect(
      llm,
      asking([
        { role: 'system', content: 'Be brief.' },
        { role: 'assistant', content: 'Hello, how can I help?' },
        { role: 'system', content: 'The caller is Dana.' },
        QUESTION,
      ]),
    )
    const { system, messages } = server.asked[0]!.body
    expect(system).toEqual([{ type: 'text', text: 'Be brief.\n\nThe caller is Dana.' }])
    expect(messages.map(({ role }: { role: string }) => role)).toEqual(['user', 'assistant', 'user'])
  })

  it('half a pair of call and result is left out', async () => {
    const { server, llm } = await talking(said)
    const cut: LlmToolCall = { id: 'cut', name: 'weather', arguments: '{}' }
    await collect(
      llm,
      asking([
        QUESTION,
        { role: 'assistant', content: '', toolCalls: [cut] },
        { role: 'tool', toolCallId: 'of-nobody', content: 'lost' },
        { role: 'user', content: 'Are you there?' },
      ]),
    )
    expect(JSON.stringify(server.asked[0]!.body)).not.toMatch(/tool_use|tool_result|lost/)
  })

  it('arguments that are no object go back as an empty one', async () => {
    const { server, llm } = await talking(said)
    const odd = ['nonsense', '[1]', '"{\\"city\\":\\"Haifa\\"}"'].map((text, index) => ({
      id: `call_${index}`,
      name: 'weather',
      arguments: text,
    }))
    const results = odd.map(({ id }) => ({ role: 'tool' as const, toolCallId: id, content: 'x' }))
    await collect(llm, asking([QUESTION, { role: 'assistant', content: '', toolCalls: odd }, ...results]))
    const inputs = server.asked[0]!.body.messages[1].content.map(({ input }: { input: unknown }) => input)
    expect(inputs).toEqual([{}, {}, { city: 'Haifa' }])
  })
})

describe('what is answered', () => {
  it.each([
    ['Anthropic', ANTHROPIC, said, { inputTokens: 42, outputTokens: 9, cachedInputTokens: 12 }],
    [
      'Google',
      GOOGLE,
      candidate([{ text: 'Hel' }, { text: 'lo.' }]),
      { inputTokens: 40, outputTokens: 12, cachedInputTokens: 16 },
    ],
  ])(
    '%s: text in pieces, tokens with the cached ones, and the end',
    async (_name, paramsAt, script, usage) => {
      const context = testContext()
      const { llm } = await talking(script, paramsAt, context)
      expect(await collect(llm)).toEqual([
        { type: 'text', text: 'Hel' },
        { type: 'text', text: 'lo.' },
        { type: 'usage', ...usage },
        { type: 'end', reason: 'stop' },
      ])
      expect(context.metrics.value('ai_sdk_llm_cached_input_tokens_total')).toBe(usage.cachedInputTokens)
      expect(context.metrics.value('ai_sdk_llm_requests_total', { outcome: 'ok' })).toBe(1)
    },
  )

  it.each([
    ['max_tokens', 'length'],
    ['refusal', 'content-filter'],
    ['stop_sequence', 'stop'],
  ])('the reason %s is %s', async (reason, expected) => {
    const { llm } = await talking(message([textBlock(0, ['So'])], reason))
    expect((await collect(llm)).at(-1)).toEqual({ type: 'end', reason: expected })
  })

  it('Anthropic: a signed thought is told, kept with its call, and goes back before it', async () => {
    const { server, llm } = await talking(said, (url) => ({ ...ANTHROPIC(url), provider_options: THINKING }))
    const answer = message(
      [
        thinkingBlock(0, 'The caller wants the weather.', 'c2lnbmVk'),
        textBlock(1, ['One moment.']),
        callBlock(2, 'toolu_1', 'weather', '{"city":"Haifa"}'),
        callBlock(3, 'toolu_2', 'weather', ''),
      ],
      'tool_use',
    )
    server.next(answer)
    const events = await collect(llm, asking([QUESTION], [weatherTool]))
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['thought', 'text', 'tool-call', 'usage', 'end']),
    )
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'tool-calls' })
    const toolCalls = events.flatMap((event) => (event.type === 'tool-call' ? [event] : []))
    expect(toolCalls.map((call) => call.arguments)).toEqual(['{"city":"Haifa"}', '{}'])
    expect(JSON.parse(JSON.stringify(toolCalls[0]!.opaque))).toEqual(toolCalls[0]!.opaque)

    const results = toolCalls.map(({ id }) => ({
      role: 'tool' as const,
      toolCallId: id,
      content: '31 degrees',
    }))
    const after = [QUESTION, { role: 'assistant' as const, content: 'One moment.', toolCalls }, ...results]
    await collect(llm, asking(after, [weatherTool]))
    const { messages } = server.asked[1]!.body
    expect(messages[1].content).toMatchObject([
      { type: 'thinking', thinking: 'The caller wants the weather.', signature: 'c2lnbmVk' },
      { type: 'text', text: 'One moment.' },
      { type: 'tool_use', id: 'toolu_1', input: { city: 'Haifa' } },
      { type: 'tool_use', id: 'toolu_2', input: {} },
    ])
    expect(messages[2].content).toMatchObject([{ tool_use_id: 'toolu_1' }, { tool_use_id: 'toolu_2' }])
  })

  it('Google: the signature of a call goes back with it, and that of a text with the answer', async () => {
    const { server, llm } = await talking(candidate([{ text: 'Done.' }]), GOOGLE)
    const functionCall = { name: 'weather', args: { city: 'Haifa' } }
    server.next(candidate([{ functionCall, thoughtSignature: 'Y2FsbA==' }]))
    server.next(candidate([{ text: 'It is hot.', thoughtSignature: 'dGV4dA==' }]))
    const [call] = await collect(llm, asking([QUESTION], [weatherTool]))
    if (call?.type !== 'tool-call') throw new Error('no call')
    const upTo: LlmMessage[] = [
      QUESTION,
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', toolCallId: call.id, content: '31 degrees' },
    ]
    const end = (await collect(llm, asking(upTo, [weatherTool]))).at(-1)
    if (end?.type !== 'end' || end.opaque === undefined) throw new Error('nothing was kept')
    await collect(
      llm,
      asking([
        ...upTo,
        { role: 'assistant', content: 'It is hot.', opaque: end.opaque },
        { role: 'user', content: 'Thanks.' },
      ]),
    )
    const contents = JSON.stringify(server.asked[2]!.body.contents)
    expect(contents).toContain('"thoughtSignature":"Y2FsbA=="')
    expect(contents).toContain('"text":"It is hot.","thoughtSignature":"dGV4dA=="')
  })

  it('a thought of another model does not go back', async () => {
    const { server, llm } = await talking(said)
    const opaque = { origin: 'another', before: [{ type: 'reasoning', text: 'Aha.' }] }
    const call = { id: 'toolu_1', name: 'weather', arguments: '{}', opaque }
    await collect(
      llm,
      asking([
        QUESTION,
        { role: 'assistant', content: '', toolCalls: [call] },
        { role: 'tool', toolCallId: 'toolu_1', content: 'x' },
      ]),
    )
    expect(JSON.stringify(server.asked[0]!.body)).not.toContain('Aha')
  })
})

describe('an abort', () => {
  it('in the middle ends the request at the server, and the iteration quietly', async () => {
    const context = testContext()
    const { server, llm } = await talking(
      async ({ events }) => events(begun(['One', 'two'])),
      ANTHROPIC,
      context,
    )
    const abort = new AbortController()
    const texts: string[] = []
    for await (const event of llm.reply(HELLO, abort.signal)) {
      if (event.type === 'text') texts.push(event.text)
      abort.abort()
    }
    await (
      await server.request()
    ).abandoned
    expect(texts).toEqual(['One'])
    expect(context.metrics.value('ai_sdk_llm_requests_total', { outcome: 'cancelled' })).toBe(1)
  })

  it('before the headers ends the request at the server', async () => {
    const { server, llm } = await talking(() => undefined)
    const abort = new AbortController()
    const ended = collect(llm, HELLO, abort.signal)
    const { abandoned } = await server.request()
    abort.abort()
    await abandoned
    expect(await ended).toEqual([])
  })

  it('a reply that is left ends its request', async () => {
    const { server, llm } = await talking(async ({ events }) => events(begun(['One', 'two'])))
    for await (const _event of llm.reply(HELLO, new AbortController().signal)) break
    await (
      await server.request()
    ).abandoned
  })
})

it('warm opens the connection that the first reply takes', async () => {
  const { server, llm } = await talking(said)
  await llm.warm?.()
  expect(await collect(llm)).toHaveLength(4)
  expect(server.connections()).toBe(1)
})

it('create loads nothing', () => {
  expect(() => createLlm({ package: 'ai-sdk-of-nobody', model: 'm' })).not.toThrow()
})
