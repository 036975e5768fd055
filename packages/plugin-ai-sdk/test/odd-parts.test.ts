import { ReadableStream } from 'node:stream/web'
import { ProviderError } from '@kav/core'
import { testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { asking, collect, createLlm, HELLO, weatherTool } from './setup.ts'

type Script = (options: { readonly abortSignal: AbortSignal }) => unknown

function scripted(script: Script) {
  const context = testContext({ baseDir: import.meta.dirname })
  Reflect.set(globalThis, Symbol.for('kav.test.script'), script)
  const params = { package: './models/scripted.mjs', model: 'm' }
  return { llm: createLlm(params, context), context }
}

/** An answer of these parts; one that is an `Error` breaks the stream. */
function streamOf(parts: readonly unknown[], onCancel = (): void => undefined) {
  const left = [...parts]
  const stream = new ReadableStream({
    pull(controller) {
      if (left.length === 0) return controller.close()
      const part = left.shift()
      if (part instanceof Error) controller.error(part)
      else controller.enqueue(part)
    },
    cancel: onCancel,
  })
  return Promise.resolve({ stream })
}

const eventsOf = (parts: readonly unknown[]) =>
  collect(scripted(() => streamOf(parts)).llm, asking(HELLO.messages, [weatherTool]))

async function faultOf(script: Script): Promise<ProviderError> {
  const { llm } = scripted(script)
  const thrown: unknown = await collect(llm).then(
    (events) => events,
    (error: unknown) => error,
  )
  if (!(thrown instanceof ProviderError)) throw new Error('expected a ProviderError', { cause: thrown })
  return thrown
}

const usage = { inputTokens: { total: 3 }, outputTokens: { total: 2 } }
const finish = (unified: string, raw: string | undefined = unified) => ({
  type: 'finish',
  finishReason: { unified, raw },
  usage,
})
const text = (delta: unknown, id = '0') => ({ type: 'text-delta', id, delta })
const call = (input: unknown, more = {}) => ({
  type: 'tool-call',
  toolCallId: 'a',
  toolName: 'weather',
  input,
  ...more,
})
const NINE = 'We open at nine.'
const WORDS = [text('We open'), text(' at nine.')]

const circle: Record<string, unknown> = {}
circle['self'] = circle

describe('parts in any order and shape', () => {
  it.each<readonly [string, readonly unknown[]]>([
    ['no start', WORDS],
    [
      'starts and ends twice',
      [
        { type: 'text-start', id: '0' },
        { type: 'text-start', id: '0' },
        ...WORDS,
        { type: 'text-end', id: '0' },
        { type: 'text-end', id: '0' },
      ],
    ],
    ['two texts at once', [text('We open', '0'), text(' at nine.', '1')]],
    ['empty texts', [text(''), ...WORDS, text('')]],
    [
      'texts that are none',
      [text(undefined), text(null), ...WORDS, text(17), text({ a: 1 }), { type: 'text-delta' }],
    ],
    ['parts that are none', [null, undefined, 17, 'We', [], {}, ...WORDS, { type: null }, { type: 17 }]],
    [
      'thoughts around them',
      [
        { type: 'reasoning-start', id: 'r' },
        { type: 'reasoning-delta', id: 'r', delta: 'Hm.' },
        ...WORDS,
        { type: 'reasoning-delta' },
        { type: 'reasoning-end' },
      ],
    ],
    [
      'marks of a circle',
      [{ type: 'reasoning-delta', id: 'r', delta: 'Hm.', providerMetadata: circle }, ...WORDS],
    ],
    [
      'marks of a bigint',
      [{ type: 'reasoning-delta', id: 'r', delta: 'Hm.', providerMetadata: { a: 1n } }, ...WORDS],
    ],
    [
      'sources, files and raw pieces',
      [{ type: 'source', id: 's' }, { type: 'file', data: 'x' }, { type: 'raw', rawValue: 1 }, ...WORDS],
    ],
    [
      'a call that the provider runs',
      [call('{}', { providerExecuted: true }), { type: 'tool-result', toolCallId: 'a', result: 1 }, ...WORDS],
    ],
    [
      'a call that is announced alone',
      [
        { type: 'tool-input-start', id: 'a', toolName: 'weather' },
        { type: 'tool-input-end', id: 'a' },
        ...WORDS,
      ],
    ],
  ])('%s: the words are told, and the end', async (_what, parts) => {
    const events = await eventsOf([...parts, finish('stop')])
    expect(events.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe(NINE)
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'stop' })
    expect(events.filter(({ type }) => type === 'tool-call')).toEqual([])
  })

  it('nothing is told behind the end', async () => {
    const events = await eventsOf([
      ...WORDS,
      finish('stop'),
      text('More.'),
      finish('length'),
      new Error('late'),
    ])
    expect(events.map(({ type }) => type)).toEqual(['text', 'text', 'usage', 'end'])
  })
})

describe('calls', () => {
  it.each<readonly [unknown, unknown]>([
    ['{"city":"Haifa"}', { city: 'Haifa' }],
    [{ city: 'Haifa' }, { city: 'Haifa' }],
    ['', {}],
    [' \n', {}],
    [undefined, {}],
    [null, {}],
  ])('of %j is made with what it holds', async (input, expected) => {
    for (const reason of ['tool-calls', 'stop', 'other']) {
      const events = await eventsOf([call(input), finish(reason)])
      const [made] = events.flatMap((event) => (event.type === 'tool-call' ? [event] : []))
      expect(made).toMatchObject({ id: 'a', name: 'weather' })
      expect(JSON.parse(made!.arguments)).toEqual(expected)
      expect(events.at(-1)).toEqual({ type: 'end', reason: 'tool-calls' })
    }
  })

  it('without a name is none; without an id it gets one', async () => {
    const events = await eventsOf([
      call('{}', { toolName: '' }),
      call('{}', { toolName: undefined }),
      call('{}', { toolCallId: undefined }),
      finish('tool-calls'),
    ])
    expect(events.filter(({ type }) => type === 'tool-call')).toMatchObject([
      { id: expect.stringMatching(/./) as unknown, name: 'weather' },
    ])
  })

  it.each(['length', 'content-filter'])(
    'of an answer that ended by %s may be cut, and are not made',
    async (reason) => {
      const events = await eventsOf([...WORDS, call(''), finish(reason)])
      expect(events.filter(({ type }) => type === 'tool-call')).toEqual([])
      expect(events.at(-1)).toMatchObject({ type: 'end', reason })
    },
  )

  it('of an answer that broke are not made', async () => {
    const { llm } = scripted(() => streamOf([...WORDS, call('{}'), new Error('reset')]))
    const seen: string[] = []
    const reading = (async () => {
      for await (const { type } of llm.reply(HELLO, new AbortController().signal)) seen.push(type)
    })()
    await expect(reading).rejects.toMatchObject({ class: 'network' })
    expect(seen).toEqual(['text', 'text'])
  })
})

describe('usage', () => {
  const told = async (sent: unknown) =>
    (await eventsOf([...WORDS, { ...finish('stop'), usage: sent }])).filter(({ type }) => type === 'usage')

  it.each([
    [undefined],
    [null],
    [{}],
    ['many'],
    [{ inputTokens: {}, outputTokens: {} }],
    [{ inputTokens: { total: undefined } }],
  ])('%j: nothing is counted where nothing was told', async (sent) => expect(await told(sent)).toEqual([]))

  it.each([
    [{ inputTokens: { total: 3 } }, 3, 0],
    [{ inputTokens: { total: Number.NaN }, outputTokens: { total: 2 } }, 0, 2],
    [{ inputTokens: -3, outputTokens: 2 }, 0, 2],
    [{ inputTokens: 3, outputTokens: Infinity }, 3, 0],
  ])('%j', async (sent, inputTokens, outputTokens) => {
    expect(await told(sent)).toEqual([{ type: 'usage', inputTokens, outputTokens, cachedInputTokens: 0 }])
  })
})

const KEY = 'sk-ant-api03-verysecretkeyverysecretkey'

describe('faults', () => {
  it.each<readonly [string, unknown, string]>([
    ['a text', 'overloaded', 'network'],
    ['nothing', undefined, 'network'],
    ['an object', { type: 'rate_limit_error', message: 'Slow down' }, 'quota'],
    ['one within', { error: { type: 'authentication_error', message: 'no' } }, 'auth'],
    ['an error', new Error('reset'), 'network'],
    ['a circle', circle, 'network'],
    ['a key in its words', { type: 'authentication_error', message: `invalid key ${KEY}` }, 'auth'],
    ['a key in its type', { type: KEY, message: 'no' }, 'network'],
    ['a key in a header', new Error(`authorization: Bearer ${KEY}`), 'network'],
    ['a key in a cause', new Error('failed', { cause: new Error(`x-api-key: ${KEY}`) }), 'network'],
    ['long words', { message: 'x'.repeat(100_000), type: 'y'.repeat(100_000) }, 'network'],
  ])('of a part: %s', async (_what, error, errorClass) => {
    const fault = await faultOf(() => streamOf([text('Well,'), { type: 'error', error }]))
    expect(fault.class).toBe(errorClass)
    const told = JSON.stringify([fault.message, fault.details, String(fault.cause ?? '')])
    expect(told).not.toContain('verysecret')
    expect(told.length).toBeLessThan(1200)
  })

  it.each<readonly [string, Script, string]>([
    ['throws at once', () => raise(new Error('no model')), 'network'],
    ['rejects with nothing', () => rejected(undefined), 'network'],
    ['rejects with null', () => rejected(null), 'network'],
    ['gives nothing', () => undefined, 'bad-data'],
    ['gives no stream', () => Promise.resolve({}), 'bad-data'],
    ['gives one that is none', () => Promise.resolve({ stream: [1, 2] }), 'bad-data'],
    ['gives one that somebody reads', lockedStream, 'bad-data'],
    ['ends without a part', () => streamOf([]), 'network'],
    ['ends without a finish', () => streamOf(WORDS), 'network'],
    ['gives up', () => streamOf([...WORDS, finish('error', `gave up ${KEY}`)]), 'bad-data'],
    ['has no reason', () => streamOf([...WORDS, { type: 'finish' }]), 'network'],
  ])('a package that %s', async (_what, script, errorClass) => {
    const fault = await faultOf(script)
    expect(fault.class).toBe(errorClass)
    expect(fault.message).toMatch(/^reply from m/)
    expect(fault.message).not.toContain('verysecret')
  })
})

function raise(thrown: unknown): never {
  throw thrown
}

async function rejected(thrown: unknown): Promise<never> {
  raise(thrown)
}

async function lockedStream() {
  const opened = await streamOf(WORDS)
  opened.stream.getReader()
  return opened
}

describe('an abort', () => {
  const PARTS = [
    { type: 'stream-start' },
    ...WORDS,
    { type: 'reasoning-delta', id: 'r', delta: 'Hm.' },
    call('{}'),
    finish('stop'),
  ]

  it.each([0, 1, 2, 3, 4, 5])('at event %i ends it quietly, and the stream with it', async (at) => {
    const abort = new AbortController()
    let cancelled = 0
    const { llm, context } = scripted(() => streamOf(PARTS, () => void cancelled++))
    let events = 0
    if (at === 0) abort.abort()
    for await (const _event of llm.reply(HELLO, abort.signal)) if (++events === at) abort.abort()
    expect(events).toBe(at)
    if (at > 0 && at < 4) expect(cancelled).toBe(1)
    if (at > 0) expect(context.metrics.value('ai_sdk_llm_requests_total', { outcome: 'cancelled' })).toBe(1)
  })

  it('before a package that heeds none has opened its stream: that is ended when it comes', async () => {
    const abort = new AbortController()
    const cancelled = new Promise<void>((resolve) => {
      const { llm } = scripted(async () => {
        abort.abort()
        await new Promise((later) => setImmediate(later))
        return streamOf([...WORDS], resolve)
      })
      void collect(llm, HELLO, abort.signal).then((events) => expect(events).toEqual([]))
    })
    await cancelled
  })
})
