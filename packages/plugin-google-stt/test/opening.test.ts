import { createServer, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { numberedFrames } from '../src/testing/index.ts'
import { hearAll, open, provide, serve } from './open-for-test.ts'

it('says that it has no partials where they are switched off', async () => {
  const server = await serve()
  expect(provide(server.endpoint, { interim: false }).provider.partials).toBe(false)
  expect(provide(server.endpoint, {}).provider.partials).toBeUndefined()
})

it('opens with its configuration before any audio', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint, {
    project: 'p1',
    region: 'europe-west1',
    hints: ['קו'],
    hint_boost: 12,
    endpointing_sensitivity: 'short',
  })
  await open(provider, { hints: ['שלום'], region: 'europe-west1' })
  await server.until(() => server.streams.length === 1)
  const [stream] = server.streams
  expect(stream).toMatchObject({
    recognizer: 'projects/p1/locations/europe-west1/recognizers/_',
    languages: ['iw-IL'],
    messages: 0,
    opening: {
      streamingConfig: {
        config: {
          explicitDecodingConfig: { encoding: 'MULAW', sampleRateHertz: 8000, audioChannelCount: 1 },
          features: { enableAutomaticPunctuation: true, profanityFilter: false },
          adaptation: {
            phraseSets: [
              {
                inlinePhraseSet: {
                  phrases: [
                    { value: 'קו', boost: 12 },
                    { value: 'שלום', boost: 12 },
                  ],
                },
              },
            ],
          },
        },
        streamingFeatures: {
          interimResults: true,
          enableVoiceActivityEvents: true,
          endpointingSensitivity: 'ENDPOINTING_SENSITIVITY_SHORT',
          voiceActivityTimeout: null,
        },
      },
    },
  })
})

it('opens v1 with its own names for the same things', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint, {
    api: 'v1',
    use_enhanced: true,
    alternative_languages: ['en-US'],
    hints: ['a'],
  })
  await open(provider)
  await server.until(() => server.streams.length === 1)
  expect(server.streams[0]?.opening).toMatchObject({
    streamingConfig: {
      singleUtterance: false,
      config: {
        encoding: 'MULAW',
        languageCode: 'iw-IL',
        alternativeLanguageCodes: ['en-US'],
        model: 'latest_long',
        useEnhanced: true,
        speechContexts: [{ phrases: ['a'], boost: 10 }],
      },
    },
  })
})

it.each([
  ['eu', 'chirp_3'],
  ['us-central1', 'long'],
])('asks %s for the model that is known for Hebrew there: %s', async (region, model) => {
  const server = await serve()
  const { provider } = provide(server.endpoint, { fallback_regions: ['us-central1'] })
  await open(provider, { region })
  await server.until(() => server.streams.length === 1)
  expect(server.streams[0]).toMatchObject({ region, model })
})

it('counts as open after the grace time when the server sends no headers', async () => {
  const server = await serve({
    script: () => ({ headers: 'with-first-response', results: [{ atMs: 20, final: 'one' }] }),
  })
  const { provider } = provide(server.endpoint, { open_grace_ms: 30 })
  const session = await open(provider)
  session.write(numberedFrames(0, 1))
  session.finish()
  expect((await hearAll(session)).events).toMatchObject([{ type: 'final', text: 'one' }])
})

it.each([
  [3, 'bad-request', false],
  [5, 'bad-request', false],
  [7, 'auth', false],
  [8, 'quota', true],
  [11, 'session-limit', true],
  [12, 'bad-request', false],
  [13, 'network', true],
  [14, 'network', true],
  [16, 'auth', false],
])('a refusal with status %i is a fault of class %s', async (code, errorClass, retryable) => {
  const server = await serve({ script: () => ({ refuse: { code, details: 'the reason' } }) })
  const { provider } = provide(server.endpoint)
  await expect(open(provider)).rejects.toMatchObject({
    name: 'ProviderError',
    class: errorClass,
    retryable,
    message: expect.stringMatching(/region eu, chirp_3, iw-IL\): [A-Z_]+: the reason/),
  })
})

it('a refusal after the grace time ends the events with the same fault', async () => {
  const server = await serve({
    script: () => ({
      headers: 'with-first-response',
      failAtMs: { ms: 20, status: { code: 3, details: 'The model "x" does not exist' } },
    }),
  })
  const { provider } = provide(server.endpoint, { open_grace_ms: 0 })
  const session = await open(provider)
  session.write(numberedFrames(0, 1))
  expect((await hearAll(session)).error).toMatchObject({ class: 'bad-request' })
})

it('a port where nobody listens is a network fault at once', async () => {
  const { provider } = provide('http://127.0.0.1:1')
  await expect(open(provider)).rejects.toMatchObject({ class: 'network', retryable: true })
})

it('a host that accepts and says nothing is a timeout, and the next try is a connection of its own', async () => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => sockets.add(socket))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { port } = silent.address() as { port: number }
  const { provider } = provide(`http://127.0.0.1:${port}`, { connect_timeout_ms: 150 })
  for (const tries of [1, 2]) {
    await expect(open(provider)).rejects.toMatchObject({ class: 'timeout', retryable: true })
    expect(sockets.size).toBe(tries)
  }
})

it('a server that comes up after a refused connection takes the next try', async () => {
  const first = await serve()
  const { port } = first
  await first.close()
  const { provider } = provide(`http://127.0.0.1:${port}`)
  await expect(open(provider)).rejects.toMatchObject({ class: 'network' })
  const second = await serve({ port })
  // The core's own back-off, not a wait for something to happen.
  await new Promise((resolve) => setTimeout(resolve, 200))
  await open(provider)
  expect(second.streams).toHaveLength(1)
})

it('an abort while the stream opens cancels it at the server', async () => {
  const server = await serve({ script: () => ({ headers: { afterMs: 60_000 } }) })
  const { provider } = provide(server.endpoint, { open_grace_ms: 2000 })
  const abort = new AbortController()
  const opening = open(provider, { signal: abort.signal })
  await server.until(() => server.streams.length === 1)
  abort.abort()
  await expect(opening).rejects.toMatchObject({ class: 'cancelled' })
  await server.until(() => server.streams[0]?.state === 'cancelled')
})

it('an abort while credentials are still being read ends the opening at once', async () => {
  const { provider } = provide('', { credentials: 'no-such-key.json' })
  const abort = new AbortController()
  const opening = open(provider, { signal: abort.signal })
  abort.abort()
  await expect(opening).rejects.toMatchObject({ class: 'cancelled' })
})

it.each(['v1', 'v2'] as const)(
  'an abort in the moment the stream is opened leaves nothing open, api %s',
  async (api) => {
    const server = await serve()
    const { provider } = provide(server.endpoint, { api })
    await (await open(provider)).close()
    for (let turns = 0; turns < 12; turns += 1) {
      const abort = new AbortController()
      const opening = open(provider, { signal: abort.signal }).then(
        (session) => session.close(),
        () => undefined,
      )
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
      abort.abort()
      await opening
    }
    await (await open(provider)).close()
    await server.until(() => server.streams.every((stream) => stream.state !== 'open'))
  },
)

it('hints over the limits are left out, counted and told once', async () => {
  const server = await serve()
  const { provider, context } = provide(server.endpoint, { hints: ['x'.repeat(101), 'fits'] })
  await open(provider)
  expect(context.metrics.value('google_stt_hints_dropped_total')).toBe(1)
  expect(context.log.entries.filter((entry) => entry.level === 'warn')).toHaveLength(1)
})
