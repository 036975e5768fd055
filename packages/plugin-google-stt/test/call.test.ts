import { expect, it } from 'vitest'
import type { StreamScript } from '../src/testing/index.ts'
import { everyWord, framesHeard, startGoogleCall } from './google-call.ts'
import { serve } from './open-for-test.ts'

/** Every frame is a word, so a transcript shows each frame that was lost or heard twice. */
const UNDERSTAND: StreamScript = { understand: { framesPerWord: 1, wordsPerFinal: 20 } }
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

it('a stream that opens late hears the caller’s first word first, and nothing is lost', async () => {
  const server = await serve({ script: () => ({ ...UNDERSTAND, headers: { afterMs: 150 } }) })
  const call = startGoogleCall({ endpoint: server.endpoint, open_grace_ms: 2000 })
  await call.speak(3000)
  await call.silence(1000)
  await call.end()
  expect(call.of('stt_ready')).toHaveLength(1)
  expect(framesHeard(server)).toEqual(range(0, 150))
  expect(call.words()).toEqual(everyWord(150))
})

it('a stream that dies in mid-word is replaced and hears again what no final had answered', async () => {
  const server = await serve({
    script: ({ index }) => ({
      ...UNDERSTAND,
      ...(index === 0 && { failAtMs: { ms: 1500, status: { code: 14, details: 'Connection dropped' } } }),
    }),
  })
  const call = startGoogleCall({ endpoint: server.endpoint })
  await call.speak(4000)
  await call.silence(1000)
  await call.end()
  expect(call.of('stt_lost')).toHaveLength(1)
  expect(server.streams).toHaveLength(2)
  const [first, second] = server.streams
  expect(first?.frames).toEqual(range(0, 75))
  // The last final of the dead stream ended at frame 60.
  expect(second?.frames).toEqual(range(60, 200))
  expect(call.words()).toEqual(everyWord(200))
})

it('a burst of replay goes out in messages under the limit', async () => {
  const server = await serve({
    script: ({ index }) =>
      index === 0 ? { failAtMs: { ms: 3000, status: { code: 13, details: 'Internal error' } } } : UNDERSTAND,
  })
  const call = startGoogleCall({ endpoint: server.endpoint })
  await call.speak(5000)
  await call.silence(1000)
  await call.end()
  expect(server.streams[1]).toMatchObject({ brokenFrames: 0, frames: range(0, 250) })
  expect(server.streams[1]?.largestMessageBytes).toBeLessThanOrEqual(12_000)
  expect(call.words()).toEqual(everyWord(250))
})

it('streams are rotated before their limit: no frame lost, none twice, over the whole call', async () => {
  const server = await serve({ script: () => UNDERSTAND })
  const call = startGoogleCall({ endpoint: server.endpoint, max_session_ms: 2000 })
  for (let turn = 0; turn < 3; turn += 1) {
    await call.speak(1500)
    await call.silence(500)
  }
  await call.silence(1000)
  await call.end()
  expect(call.of('stt_rotated').length).toBeGreaterThanOrEqual(2)
  expect(call.of('stt_lost')).toHaveLength(0)
  expect(framesHeard(server)).toEqual(range(0, 225))
  expect(call.words()).toEqual(everyWord(225))
  expect(server.streams.filter((stream) => stream.state !== 'finished')).toEqual([])
})

it('without any pause the rotation is forced before the limit', async () => {
  const server = await serve({ script: () => UNDERSTAND })
  const call = startGoogleCall({ endpoint: server.endpoint, max_session_ms: 2000 })
  await call.speak(5000)
  await call.silence(1000)
  await call.end()
  expect(call.of('stt_rotated').length).toBeGreaterThanOrEqual(2)
  expect(framesHeard(server)).toEqual(range(0, 250))
  expect(call.words()).toEqual(everyWord(250))
})

it('a stream the server ends at its own limit is reopened at once, with nothing lost', async () => {
  const status = { code: 11, details: 'Exceeded maximum allowed stream duration of 305 seconds.' }
  const server = await serve({
    script: ({ index }) => (index === 0 ? { ...UNDERSTAND, failAtMs: { ms: 1000, status } } : UNDERSTAND),
  })
  const call = startGoogleCall({ endpoint: server.endpoint })
  await call.speak(2500)
  await call.silence(1000)
  await call.end()
  expect(call.words()).toEqual(everyWord(125))
})

it('a region that is down is tried three times, then the next one takes the call and is named', async () => {
  const server = await serve({ script: () => UNDERSTAND })
  const call = startGoogleCall({
    region: 'europe-west1',
    fallback_regions: ['us-central1'],
    use_enhanced: true,
    endpoint: server.endpoint,
    region_endpoints: { 'europe-west1': 'http://127.0.0.1:1' },
  })
  await call.speak(3000)
  await call.silence(1000)
  await call.end()
  expect(call.of('stt_open_failed').map(({ fields }) => [fields.region, fields.attempt])).toEqual([
    ['europe-west1', 1],
    ['europe-west1', 2],
    ['europe-west1', 3],
  ])
  expect(call.of('stt_ready').map(({ fields }) => fields.region)).toEqual(['us-central1'])
  expect(framesHeard(server)).toEqual(range(0, 150))
  expect(call.words()).toEqual(everyWord(150))
})

it('a region that does not know the model is not tried again; the next one takes the call', async () => {
  const server = await serve({
    script: ({ region }) =>
      region === 'europe-west1'
        ? {
            refuse: {
              code: 3,
              details: 'The model "long" does not exist in the location named "europe-west1".',
            },
          }
        : UNDERSTAND,
  })
  const call = startGoogleCall({
    region: 'europe-west1',
    fallback_regions: ['us-central1'],
    endpoint: server.endpoint,
  })
  await call.speak(1000)
  await call.silence(1000)
  await call.end()
  expect(call.of('stt_open_failed')).toHaveLength(1)
  expect(call.of('stt_ready').map(({ fields }) => fields.region)).toEqual(['us-central1'])
  expect(call.words()).toEqual(everyWord(50))
})

it('wrong credentials are tried once in each region, and not again', async () => {
  const server = await serve({ script: () => ({ refuse: { code: 16, details: 'invalid credentials' } }) })
  const call = startGoogleCall({ endpoint: server.endpoint, fallback_regions: ['us'] })
  await call.speak(500)
  await call.end()
  expect(server.streams).toHaveLength(2)
})

it('when no stream comes up, utterances are recognised one by one', async () => {
  const server = await serve({
    script: () => ({ refuse: { code: 14, details: 'The service is currently unavailable.' } }),
    recognize: ({ audio }) => `heard ${audio.length > 0}`,
  })
  const call = startGoogleCall({ endpoint: server.endpoint, recognize_timeout_ms: 5000 })
  await call.silence(1500)
  await call.speak(1000)
  await call.silence(1000)
  await server.until(() => server.requests.length === 1)
  await call.silence(500)
  expect(call.words()).toEqual(['heard', 'true'])
  expect(call.of('stt_recognize_per_utterance')).toHaveLength(1)
  await call.end()
})

it('a stream that says nothing through five seconds of speech is replaced, and the speech is heard', async () => {
  const server = await serve({
    script: ({ index }) => (index === 0 ? { ...UNDERSTAND, freezeAtMs: 40 } : UNDERSTAND),
  })
  const call = startGoogleCall({ endpoint: server.endpoint })
  await call.speak(6500)
  await call.silence(2500)
  await call.end()
  expect(call.of('stt_lost')).toHaveLength(1)
  expect(call.words()).toEqual(everyWord(325))
})

it('a line that stalls for longer than Google’s patience keeps its stream and its offsets', async () => {
  const server = await serve({ script: () => UNDERSTAND })
  const call = startGoogleCall({ endpoint: server.endpoint })
  await call.speak(1000)
  await call.silence(400)
  await call.stall(12_000)
  await call.speak(1000)
  await call.silence(1000)
  await call.end()
  expect(server.streams).toHaveLength(1)
  expect(server.streams[0]?.silenceFrames).toBeGreaterThan(400)
  expect(framesHeard(server)).toEqual(range(0, 100))
  expect(call.words()).toEqual(everyWord(100))
})
