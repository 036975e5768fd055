import { createFakeClock, testContext } from '@kav/core/testing'
import { expect, it, vi } from 'vitest'
import { numberedFrame, numberedFrames } from '../src/testing/index.ts'
import { hearAll, open, provide, proxyTo, serve } from './open-for-test.ts'

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

it('passes mu-law through untouched, in messages under the limit, however large the write', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint)
  const session = await open(provider)
  session.write(numberedFrames(0, 500))
  session.finish()
  await hearAll(session)
  expect(server.streams[0]).toMatchObject({
    frames: range(0, 500),
    brokenFrames: 0,
    largestMessageBytes: 12_000,
    state: 'finished',
  })
})

it('partials and finals carry text, language, confidence and the offset of their end', async () => {
  const server = await serve({
    script: () => ({
      results: [
        { atMs: 20, speech: 'begin' },
        { atMs: 40, partial: ' שלום' },
        { atMs: 60, final: ' שלום לך ', endMs: 55, confidence: 0.5, languageCode: 'iw-il' },
        { atMs: 60, speech: 'end' },
      ],
    }),
  })
  const { provider } = provide(server.endpoint)
  const session = await open(provider)
  session.write(numberedFrames(0, 3))
  session.finish()
  expect((await hearAll(session)).events).toEqual([
    { type: 'speech-started', atMs: 20 },
    { type: 'partial', text: 'שלום' },
    { type: 'final', text: 'שלום לך', endMs: 55, confidence: 0.5, language: 'he-IL' },
    { type: 'speech-stopped', atMs: 60 },
  ])
})

it('sends silence while the core writes nothing, so that the stream lives, and takes it out of offsets', async () => {
  const server = await serve({
    noAudioLimitMs: 900,
    script: () => ({ understand: { framesPerWord: 5, wordsPerFinal: 1 } }),
  })
  const { provider, context } = provide(server.endpoint, { silence_after_ms: 200 })
  const session = await open(provider)
  session.write(numberedFrames(0, 5))
  await server.until(() => (server.streams[0]?.silenceFrames ?? 0) >= 75)
  session.write(numberedFrames(5, 10))
  session.finish()
  const { events, error } = await hearAll(session)
  expect(error).toBeUndefined()
  expect(events).toMatchObject([
    { type: 'final', text: 'w0', endMs: 100 },
    { type: 'final', text: 'w1', endMs: 200 },
  ])
  expect(context.metrics.value('google_stt_silence_ms_total')).toBeGreaterThanOrEqual(1500)
})

it.each(['v1', 'v2'] as const)(
  'tells when each word was said, without the silence it sent: %s',
  async (api) => {
    const server = await serve({ script: () => ({ understand: { framesPerWord: 5, wordsPerFinal: 2 } }) })
    const { provider } = provide(server.endpoint, { api, region: 'eu', model: 'long', silence_after_ms: 200 })
    const session = await open(provider)
    session.write(numberedFrames(0, 10))
    await server.until(() => (server.streams[0]?.silenceFrames ?? 0) >= 50)
    session.write(numberedFrames(10, 20))
    session.finish()
    const { events } = await hearAll(session)
    const word = (at: number) => ({ word: `w${at}`, startMs: at * 100, endMs: at * 100 + 100 })
    expect(events.filter(({ type }) => type === 'final')).toEqual([
      { type: 'final', text: 'w0 w1', endMs: 200, words: [word(0), word(1)] },
      { type: 'final', text: 'w2 w3', endMs: 400, words: [word(2), word(3)] },
    ])
  },
)

it.each([
  ['chirp_2', 'auto', false],
  ['chirp_2', 'on', true],
  ['long', 'auto', true],
  ['long', 'off', false],
] as const)(
  'asks %s for times of words where they cost nothing, or are wanted: %s',
  async (model, word_times, asked) => {
    const server = await serve()
    const { provider } = provide(server.endpoint, { model, word_times })
    await (await open(provider)).close()
    const told = JSON.stringify(server.streams[0]?.opening)
    expect(told.includes('"enableWordTimeOffsets":true')).toBe(asked)
  },
)

it('a write of less than a frame after silence does not shift the frames', async () => {
  const time = createFakeClock()
  const server = await serve()
  const { provider } = provide(server.endpoint, {}, testContext({ clock: time.clock }))
  const session = await open(provider)
  session.write(numberedFrame(0))
  await time.advance(2500)
  session.write(numberedFrame(1).subarray(0, 100))
  session.write(numberedFrame(1).subarray(100))
  session.finish()
  await hearAll(session)
  expect(server.streams[0]).toMatchObject({ frames: [0, 1], silenceFrames: 50, brokenFrames: 0 })
})

it.each([
  [
    'its own time limit',
    { code: 11, details: 'Exceeded maximum allowed stream duration of 305 seconds.' },
    'session-limit',
  ],
  ['an internal error', { code: 13, details: 'Internal error encountered.' }, 'network'],
])('a stream that dies of %s throws its class from the events', async (_, status, errorClass) => {
  const server = await serve({ script: () => ({ failAtMs: { ms: 40, status } }) })
  const { provider, context } = provide(server.endpoint)
  const session = await open(provider)
  session.write(numberedFrames(0, 2))
  const { error } = await hearAll(session)
  expect(error).toMatchObject({ class: errorClass, retryable: true })
  for (let index = 2; index < 50; index += 1) session.write(numberedFrame(index))
  session.finish()
  await session.close()
  expect(context.metrics.value('google_stt_stream_errors_total', { region: 'eu', class: errorClass })).toBe(1)
})

it('a stream the server ends with status OK in mid-call counts as its limit', async () => {
  const server = await serve({ script: () => ({ endAtMs: 40 }) })
  const { provider } = provide(server.endpoint)
  const session = await open(provider)
  session.write(numberedFrames(0, 2))
  expect((await hearAll(session)).error).toMatchObject({ class: 'session-limit' })
})

it('announces the limit once as much audio as allowed has gone into one stream', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint, { max_session_ms: 1000 })
  expect(provider.maxSessionMs).toBe(1000)
  const session = await open(provider)
  session.write(numberedFrames(0, 60))
  session.finish()
  expect((await hearAll(session)).events).toEqual([{ type: 'closing', reason: 'max_session_ms' }])
})

it('a broken connection is a network fault', async () => {
  const server = await serve()
  const proxy = await proxyTo(server.port)
  const { provider } = provide(proxy.endpoint)
  const session = await open(provider)
  proxy.cut()
  expect((await hearAll(session)).error).toMatchObject({ class: 'network', retryable: true })
})

it('keepalive finds a half-open connection, and the next stream gets a new one', async () => {
  const server = await serve()
  const proxy = await proxyTo(server.port)
  const { provider } = provide(proxy.endpoint, { keepalive_time_ms: 1000, keepalive_timeout_ms: 500 })
  const session = await open(provider)
  proxy.stall()
  session.write(numberedFrames(0, 2))
  expect((await hearAll(session)).error).toMatchObject({ class: 'network' })
  await open(provider)
  expect(server.streams).toHaveLength(2)
})

it('a stream that takes no more audio ends as a network fault instead of growing', async () => {
  const server = await serve()
  const proxy = await proxyTo(server.port)
  const { provider } = provide(proxy.endpoint)
  const session = await open(provider)
  proxy.stall()
  const heard = hearAll(session)
  let over = false
  void heard.then(() => (over = true))
  for (let index = 0; !over && index < 20_000; index += 1) {
    session.write(numberedFrame(index))
    if (index % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  expect((await heard).error).toMatchObject({
    class: 'network',
    message: expect.stringContaining('takes no more audio'),
  })
})

it('finish gives up on a server that never ends', async () => {
  const time = createFakeClock()
  const server = await serve({ script: () => ({ neverEnd: true }) })
  const { provider, context } = provide(server.endpoint, {}, testContext({ clock: time.clock }))
  const session = await open(provider)
  session.finish()
  await time.advance(2000)
  expect(await hearAll(session)).toEqual({ events: [], error: undefined })
  expect(context.metrics.value('google_stt_finish_timeouts_total', { region: 'eu' })).toBe(1)
  await server.until(() => server.streams[0]?.state === 'cancelled')
  expect(time.pending()).toBe(0)
})

it('close cancels the stream at the server at once', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint)
  const session = await open(provider)
  await session.close()
  await server.until(() => server.streams[0]?.state === 'cancelled')
})

it('one signal for many sessions of a long call leaves no listeners behind', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint)
  const { signal } = new AbortController()
  const add = vi.spyOn(signal, 'addEventListener')
  const remove = vi.spyOn(signal, 'removeEventListener')
  for (let turn = 0; turn < 3; turn += 1) await (await open(provider, { signal })).close()
  expect(remove.mock.calls.length).toBeGreaterThanOrEqual(add.mock.calls.length)
})
