import { expect, it } from 'vitest'
import { framesHeard, startAzureCall } from './azure-call.ts'
import { UNDERSTAND, range, serve, words } from './open-for-test.ts'

it('a connection that opens late hears the caller’s first word first, and nothing is lost', async () => {
  const server = await serve({ script: () => ({ ...UNDERSTAND, acceptAfterMs: 60 }) })
  const call = startAzureCall({ host: server.host })
  await call.speak(3000)
  await call.silence(1000)
  await call.end()
  expect(call.of('stt_ready')).toHaveLength(1)
  expect(framesHeard(server)).toEqual(range(0, 150))
  expect(call.words()).toEqual(words(0, 150))
})

it('a recogniser that dies in mid-word is replaced and hears again what no final had answered', async () => {
  const server = await serve({
    script: ({ index }) => ({
      ...UNDERSTAND,
      ...(index === 0 && { closeAt: { ms: 1500, code: 4000, reason: 'internal' } }),
    }),
  })
  const call = startAzureCall({ host: server.host })
  await call.speak(4000)
  await call.silence(1000)
  await call.end()
  expect(call.of('stt_lost')).toHaveLength(1)
  expect(call.words()).toEqual(words(0, 200))
  const [first, second] = server.connections.map((connection) => connection.turns[0])
  expect(first?.frames).toEqual(range(0, first?.frames.length ?? 0))
  expect(second?.frames).toEqual(range(60, 200))
})

it('a long replay goes out whole, past what a connection takes at once', async () => {
  const server = await serve({
    script: ({ index }) => (index === 0 ? { closeAt: { ms: 6500, code: 4000 } } : UNDERSTAND),
  })
  const call = startAzureCall({ host: server.host, throttle_after_ms: 60_000 })
  // No speech of 5 s in one piece: the watchdog is not what this is about.
  await call.speak(4500)
  await call.silence(100)
  await call.speak(3000)
  await call.silence(1000)
  await call.end()
  expect(call.words()).toEqual(words(0, 375))
})

it('the switch the service makes every ten minutes is the SDK’s to mend: no session is lost', async () => {
  const server = await serve({
    script: ({ index }) => ({ ...UNDERSTAND, ...(index < 3 && { closeAt: { ms: 1000, code: 1000 } }) }),
  })
  const call = startAzureCall({ host: server.host })
  await call.speak(5000)
  await call.silence(1000)
  await call.end()
  expect(call.of('stt_lost')).toHaveLength(0)
  expect(server.connections).toHaveLength(4)
  expect(call.words()).toEqual(words(0, 250))
})

it('a turn that ends in mid-stream does not scramble the audio: the core opens anew and replays', async () => {
  const server = await serve({
    script: ({ index }) => ({ ...UNDERSTAND, ...(index === 0 && { turnEndAtMs: 1500 }) }),
  })
  const call = startAzureCall({ host: server.host })
  await call.speak(4000)
  await call.silence(1000)
  await call.end()
  expect(call.words()).toEqual(words(0, 200))
})

it('a region that is down is tried three times, then the next one takes the call and is named', async () => {
  const [down, up] = [
    await serve({ script: () => ({ refuse: 503 }) }),
    await serve({ script: () => UNDERSTAND }),
  ]
  const call = startAzureCall({
    region: 'westeurope',
    fallback_regions: ['northeurope'],
    region_hosts: { westeurope: down.host, northeurope: up.host },
  })
  await call.speak(3000)
  await call.silence(1000)
  await call.end()
  expect(call.of('stt_open_failed').map(({ fields }) => [fields.region, fields.attempt])).toEqual([
    ['westeurope', 1],
    ['westeurope', 2],
    ['westeurope', 3],
  ])
  expect(call.of('stt_ready').map(({ fields }) => fields.region)).toEqual(['northeurope'])
  expect(framesHeard(up)).toEqual(range(0, 150))
  expect(call.words()).toEqual(words(0, 150))
})

it('a key that one region refuses does not rule out a region with a key of its own', async () => {
  const [refusing, up] = [
    await serve({ script: () => ({ refuse: 401 }) }),
    await serve({ script: () => UNDERSTAND }),
  ]
  const call = startAzureCall({
    region: 'westeurope',
    fallback_regions: ['northeurope'],
    region_keys: { northeurope: 'key-of-north-europe' },
    region_hosts: { westeurope: refusing.host, northeurope: up.host },
  })
  await call.speak(1000)
  await call.silence(1000)
  await call.end()
  expect(call.of('stt_open_failed')).toHaveLength(1)
  expect(up.connections[0]?.headers['ocp-apim-subscription-key']).toBe('key-of-north-europe')
  expect(call.words()).toEqual(words(0, 50))
})

it('a wrong key is tried once in each region, and never again', async () => {
  const server = await serve({ script: () => ({ refuse: 401 }) })
  const call = startAzureCall({ host: server.host, fallback_regions: ['northeurope'] })
  await call.speak(500)
  await call.end()
  expect(call.of('stt_open_failed').map(({ fields }) => fields.region)).toEqual(['westeurope', 'northeurope'])
})

it('when no session opens, utterances are recognised one by one, each on a connection of its own', async () => {
  let utterances = false
  const server = await serve({ script: () => (utterances ? UNDERSTAND : { refuse: 503 }) })
  const call = startAzureCall({ host: server.host })
  await call.silence(1500)
  utterances = true
  await call.speak(1000)
  await call.silence(600)
  await server.until(() => server.connections.at(-1)?.state === 'closed')
  await call.silence(200)
  expect(call.of('stt_recognize_per_utterance')).toHaveLength(1)
  expect(call.words()).toEqual(expect.arrayContaining(words(0, 50)))
  await call.end()
})

it('a recogniser that says nothing through five seconds of speech is replaced, and the speech is heard', async () => {
  const server = await serve({
    script: ({ index }) => (index === 0 ? { ...UNDERSTAND, freezeAtMs: 40 } : UNDERSTAND),
  })
  const call = startAzureCall({ host: server.host, throttle_after_ms: 60_000 })
  await call.speak(6500)
  await call.silence(2500)
  await call.end()
  expect(call.of('stt_lost')).toHaveLength(1)
  expect(call.words()).toEqual(words(0, 325))
})

it('a session is replaced in a pause before its life is over: no frame lost, none twice', async () => {
  const server = await serve({ script: () => UNDERSTAND })
  const call = startAzureCall({ host: server.host, max_session_ms: 2000 })
  for (let turn = 0; turn < 3; turn += 1) {
    await call.speak(1500)
    await call.silence(500)
  }
  await call.silence(1000)
  await call.end()
  expect(call.of('stt_rotated').length).toBeGreaterThanOrEqual(2)
  expect(call.of('stt_lost')).toHaveLength(0)
  expect(framesHeard(server)).toEqual(range(0, 225))
  expect(call.words()).toEqual(words(0, 225))
})
