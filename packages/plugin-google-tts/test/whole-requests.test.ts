import { expect, it } from 'vitest'
import { spokenAudio } from '../src/testing/index.ts'
import { hearAll, provide, serve, speak } from './open-for-test.ts'

it('mu-law arrives bare: the header and what is behind the samples are gone', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint)
  const audio = await hearAll(speak(provider, 'שלום לך.'))
  expect(audio.equals(spokenAudio('שלום לך.', 'MULAW', 8000))).toBe(true)
})

it('asks for the voice, the format and the manner configured', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint, {
    speaking_rate: 1.25,
    pitch: -2,
    volume_gain_db: 3,
    effects_profile: ['telephony-class-application'],
  })
  await hearAll(speak(provider, 'כן.'))
  expect(server.heard[0]?.opening).toMatchObject({
    input: { text: 'כן.' },
    voice: { languageCode: 'he-IL', name: 'he-IL-Wavenet-A' },
    audioConfig: {
      audioEncoding: 'MULAW',
      sampleRateHertz: 8000,
      speakingRate: 1.25,
      pitch: -2,
      volumeGainDb: 3,
      effectsProfileId: ['telephony-class-application'],
    },
  })
})

it('text that begins with <speak> goes as SSML', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint)
  await hearAll(speak(provider, '<speak>כן<break time="200ms"/></speak>'))
  expect(server.heard[0]?.opening).toMatchObject({
    input: { ssml: '<speak>כן<break time="200ms"/></speak>' },
  })
})

it('SSML over the limit is a fault that says so', async () => {
  const { provider } = provide('http://127.0.0.1:1')
  await expect(hearAll(speak(provider, `<speak>${'א'.repeat(2500)}</speak>`))).rejects.toMatchObject({
    class: 'bad-request',
    message: expect.stringContaining('SSML of 5015 bytes is over the limit of 5000'),
  })
})

it('text over the limit is spoken in pieces, cut after a sentence, in order', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint)
  const sentence = 'משפט אחד ארוך מאוד. '
  const text = sentence.repeat(200).trim()
  const audio = await hearAll(speak(provider, text))
  const inputs = server.heard.flatMap((speech) => speech.inputs)
  expect(inputs.length).toBeGreaterThan(1)
  expect(inputs.join(' ')).toBe(text)
  expect(inputs.every((input) => input.endsWith('.') && Buffer.byteLength(input) <= 5000)).toBe(true)
  expect(audio.equals(Buffer.concat(inputs.map((input) => spokenAudio(input, 'MULAW', 8000))))).toBe(true)
})

it('a call that switches language gets the voice of that language, or Google’s choice', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint, { voices: { 'en-US': 'en-US-Wavenet-F' } })
  for (const language of ['en-US', 'iw-IL', 'fr-FR']) {
    const request = {
      callId: 'test',
      text: 'hello',
      format: { encoding: 'mulaw', sampleRateHz: 8000 },
      language,
    }
    await hearAll(
      provider.speak(request as Parameters<typeof provider.speak>[0], new AbortController().signal),
    )
  }
  expect(server.heard.map(({ language, voice }) => [language, voice])).toEqual([
    ['en-US', 'en-US-Wavenet-F'],
    ['he-IL', 'he-IL-Wavenet-A'],
    ['fr-FR', ''],
  ])
})

it.each([
  [14, 'network', 3],
  [8, 'quota', 3],
  [3, 'bad-request', 1],
  [7, 'auth', 1],
])('status %i is a fault of class %s after %i tries', async (code, errorClass, tries) => {
  const server = await serve({ script: () => ({ failWith: { code, details: 'the reason' } }) })
  const { provider, context } = provide(server.endpoint)
  await expect(hearAll(speak(provider, 'כן.'))).rejects.toMatchObject({
    class: errorClass,
    message: expect.stringMatching(/region global, he-IL-Wavenet-A, he-IL\): [A-Z_]+: the reason/),
  })
  expect(server.heard).toHaveLength(tries)
  expect(context.metrics.value('google_tts_retries_total')).toBe(tries - 1)
})

it('a try that fails is made good by the next', async () => {
  const server = await serve({
    script: ({ index }) => (index < 2 ? { failWith: { code: 14, details: 'not now' } } : {}),
  })
  const { provider } = provide(server.endpoint)
  expect((await hearAll(speak(provider, 'כן.'))).length).toBeGreaterThan(0)
})

it('a request without an answer ends at its deadline, and the next try uses another connection', async () => {
  const server = await serve({ script: ({ index }) => ({ silent: index === 0 }) })
  const { provider } = provide(server.endpoint, { timeout_ms: 300, tries: 2 })
  expect((await hearAll(speak(provider, 'כן.'))).length).toBeGreaterThan(0)
  expect(new Set(server.heard.map((speech) => speech.peer)).size).toBe(2)
})

it('an answer without audio is bad data', async () => {
  const server = await serve({ script: () => ({ empty: true }) })
  const { provider } = provide(server.endpoint)
  await expect(hearAll(speak(provider, 'כן.'))).rejects.toMatchObject({ class: 'bad-data' })
})

it('a key file that is not there is an auth fault, not a crash', async () => {
  const { provider } = provide('', { credentials: 'no-such-key.json' })
  await expect(hearAll(speak(provider, 'כן.'))).rejects.toMatchObject({
    class: 'auth',
    message: expect.stringContaining('set tts.params.credentials'),
  })
})

it('more requests than one connection takes open another one', async () => {
  const server = await serve({ script: () => ({ delayMs: 50 }), maxConcurrentStreams: 4 })
  const { provider } = provide(server.endpoint, { max_streams_per_connection: 3 })
  await Promise.all(Array.from({ length: 7 }, () => hearAll(speak(provider, 'כן.'))))
  expect(new Set(server.heard.map((speech) => speech.peer)).size).toBe(3)
})
