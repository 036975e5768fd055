import { createFakeClock, testContext } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { spokenAudio } from '../src/testing/index.ts'
import {
  STREAMING_VOICE,
  WHOLE_VOICE,
  hearAll,
  provide,
  serve,
  speak,
  speakReply,
  writer,
} from './open-for-test.ts'

const voice = STREAMING_VOICE
const said = (...texts: string[]): Buffer =>
  Buffer.concat(texts.map((text) => spokenAudio(text, 'MULAW', 8000)))

it('a whole reply goes through one stream, which ends with it', async () => {
  const server = await serve({ script: () => ({ chunkBytes: 777 }) })
  const { provider } = provide(server.endpoint, { voice, speaking_rate: 1.1 })
  const reply = writer()
  const audio = hearAll(speakReply(provider, reply.clauses))
  reply.write('משפט ראשון.')
  await server.until(() => server.heard[0]?.inputs.length === 1)
  reply.write('משפט שני.')
  reply.end()
  expect((await audio).equals(said('משפט ראשון.', 'משפט שני.'))).toBe(true)
  expect(server.heard).toMatchObject([
    {
      kind: 'stream',
      state: 'finished',
      inputs: ['משפט ראשון.', 'משפט שני.'],
      opening: {
        streamingConfig: {
          voice: { languageCode: 'he-IL', name: voice },
          streamingAudioConfig: { audioEncoding: 'MULAW', sampleRateHertz: 8000, speakingRate: 1.1 },
        },
      },
    },
  ])
})

it('audio flows while the reply is still being written', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint, { voice })
  const reply = writer()
  const audio = speakReply(provider, reply.clauses)[Symbol.asyncIterator]()
  reply.write('משפט ראשון.')
  expect((await audio.next()).value?.length).toBeGreaterThan(0)
  reply.end()
})

it('a pause of the model longer than Google’s patience ends the stream before, and another one goes on', async () => {
  const time = createFakeClock()
  const server = await serve()
  const { provider } = provide(server.endpoint, { voice }, testContext({ clock: time.clock }))
  const reply = writer()
  const audio = hearAll(speakReply(provider, reply.clauses))
  reply.write('לפני.')
  await server.until(() => server.heard[0]?.inputs.length === 1)
  await time.advance(4000)
  await server.until(() => server.heard[0]?.state === 'finished')
  reply.write('אחרי.')
  reply.end()
  expect((await audio).equals(said('לפני.', 'אחרי.'))).toBe(true)
  expect(server.heard.map(({ kind, inputs, state }) => [kind, inputs, state])).toEqual([
    ['stream', ['לפני.'], 'finished'],
    ['stream', ['אחרי.'], 'finished'],
  ])
})

it('an interruption cancels the stream at the server', async () => {
  const server = await serve({ script: () => ({ chunkBytes: 160, chunkDelayMs: 5 }) })
  const { provider } = provide(server.endpoint, { voice })
  const abort = new AbortController()
  const reply = writer()
  const audio = speakReply(provider, reply.clauses, abort.signal)[Symbol.asyncIterator]()
  reply.write('תשובה ארוכה מאוד שאיש לא ישמע עד סופה.')
  await audio.next()
  abort.abort()
  expect((await audio.next()).done).toBe(true)
  await server.until(() => server.heard[0]?.state === 'cancelled')
})

it('SSML in a streamed reply goes as a whole request in its place', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint, { voice })
  const reply = writer()
  for (const clause of ['אחת.', '<speak>שתיים</speak>', 'שלוש.']) reply.write(clause)
  reply.end()
  const audio = await hearAll(speakReply(provider, reply.clauses))
  expect(audio.equals(said('אחת.', '<speak>שתיים</speak>', 'שלוש.'))).toBe(true)
  expect(server.heard.map((speech) => speech.kind)).toEqual(['stream', 'request', 'stream'])
})

it('a stream that fails before any audio is spoken by whole requests instead', async () => {
  const server = await serve({
    script: ({ kind }) => (kind === 'stream' ? { failWith: { code: 13, details: 'Internal error.' } } : {}),
  })
  const { provider, context } = provide(server.endpoint, { voice })
  expect((await hearAll(speak(provider, 'כן בהחלט.'))).equals(said('כן בהחלט.'))).toBe(true)
  expect(context.metrics.value('google_tts_stream_fallbacks_total', { class: 'network' })).toBe(1)
})

it('a stream that ends without audio is spoken by whole requests instead', async () => {
  const server = await serve({ script: ({ kind }) => ({ empty: kind === 'stream' }) })
  const { provider, context } = provide(server.endpoint, { voice })
  expect((await hearAll(speak(provider, 'כן בהחלט.'))).equals(said('כן בהחלט.'))).toBe(true)
  expect(context.metrics.value('google_tts_stream_fallbacks_total', { class: 'bad-data' })).toBe(1)
})

it('any word may be a clause', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint, { voice })
  const reply = writer()
  const words = ['It', 'stopped', 'undefined', 'there']
  words.forEach(reply.write)
  reply.end()
  expect((await hearAll(speakReply(provider, reply.clauses))).equals(said(...words))).toBe(true)
  expect(server.heard).toHaveLength(1)
})

it('a stream that gives no audio in time is spoken by whole requests instead', async () => {
  const server = await serve({ script: ({ kind }) => ({ silent: kind === 'stream' }) })
  const { provider, context } = provide(server.endpoint, { voice, timeout_ms: 300 })
  expect((await hearAll(speak(provider, 'כן בהחלט.'))).equals(said('כן בהחלט.'))).toBe(true)
  expect(context.metrics.value('google_tts_stream_fallbacks_total', { class: 'timeout' })).toBe(1)
  await server.until(() => server.heard[0]?.state === 'cancelled')
})

it('a stream that stops in the middle of its audio is a fault after its deadline', async () => {
  const server = await serve({ script: () => ({ stallAfterBytes: 3200 }) })
  const { provider } = provide(server.endpoint, { voice, timeout_ms: 300 })
  await expect(hearAll(speak(provider, 'תשובה ארוכה מאוד.'))).rejects.toMatchObject({ class: 'timeout' })
})

it('a long reply waits for a slow listener, which is no reason to give it up', async () => {
  const time = createFakeClock()
  const server = await serve()
  const { provider } = provide(
    server.endpoint,
    { voice, timeout_ms: 20_000 },
    testContext({ clock: time.clock }),
  )
  const text = 'משפט ארוך מאוד שחוזר על עצמו. '.repeat(60).trim()
  const audio = speak(provider, text)[Symbol.asyncIterator]()
  const heard = [Buffer.from((await audio.next()).value ?? [])]
  // The wire goes on in real time: it fills what is held of the stream, then the stream is paused.
  for (let step = 0; step < 300; step += 1) {
    await time.advance(100)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  for (let next = await audio.next(); next.done !== true; next = await audio.next()) {
    heard.push(Buffer.from(next.value))
  }
  expect(Buffer.concat(heard).equals(said(text))).toBe(true)
})

it('streaming: on with a voice that does not stream still speaks', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint, { voice: WHOLE_VOICE, streaming: 'on' })
  expect((await hearAll(speak(provider, 'כן.'))).equals(said('כן.'))).toBe(true)
  expect(server.heard.map(({ kind, state }) => [kind, state])).toEqual([
    ['stream', 'failed'],
    ['request', 'finished'],
  ])
})

it('a stream that fails in the middle is a fault: nobody knows which words are missing', async () => {
  const server = await serve({
    script: () => ({ failAfterBytes: { bytes: 3200, status: { code: 14, details: 'gone' } } }),
  })
  const { provider } = provide(server.endpoint, { voice })
  await expect(hearAll(speak(provider, 'תשובה ארוכה מאוד.'))).rejects.toMatchObject({ class: 'network' })
})

it('streaming: off never opens a stream, and auto opens none for gain', async () => {
  const server = await serve()
  for (const params of [{ streaming: 'off' }, { volume_gain_db: 2 }] as const) {
    const { provider } = provide(server.endpoint, { voice, ...params })
    expect(provider.speakReply).toBeUndefined()
    await hearAll(speak(provider, 'כן.'))
  }
  expect(server.heard.map((speech) => speech.kind)).toEqual(['request', 'request'])
})

it('a model that fails in mid-reply is the reply’s fault, told after what was spoken', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint, { voice })
  const broken = (async function* () {
    yield 'כן.'
    await server.until(() => server.heard[0]?.inputs.length === 1)
    throw new Error('the model broke')
  })()
  let bytes = 0
  const listen = async () => {
    for await (const chunk of speakReply(provider, broken)) bytes += chunk.length
  }
  await expect(listen()).rejects.toThrow('the model broke')
  expect(bytes).toBe(said('כן.').length)
})

it('a stream the server aborts for want of input is a session-limit fault', async () => {
  const server = await serve({ noInputLimitMs: 100 })
  const { provider } = provide(server.endpoint, { voice })
  const reply = writer()
  const heard = hearAll(speakReply(provider, reply.clauses))
  reply.write('כן.')
  await server.until(() => server.heard[0]?.state === 'failed')
  await expect(heard).rejects.toMatchObject({ class: 'session-limit' })
})
