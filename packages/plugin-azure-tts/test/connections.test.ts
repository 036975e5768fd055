import { createFakeClock, testContext } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { spokenAudio } from '../src/testing/index.ts'
import { provide, rest, serve, speak, whole } from './open-for-test.ts'

const LONG = 'A sentence that is long enough to be interrupted in the middle of it.'

it('every byte of a sentence arrives in order, as bare mu-law', async () => {
  const server = await serve()
  const { provider } = provide({ host: server.host })
  expect(await whole(provider, LONG)).toEqual(Buffer.from(spokenAudio(LONG)))
  expect(server.utterances[0]).toMatchObject({ text: LONG, format: 'raw-8khz-8bit-mono-mulaw' })
})

it('a call that was announced speaks on a connection that is up, and goes on speaking on it', async () => {
  const server = await serve()
  const { provider } = provide({ host: server.host })
  await provider.warm?.('call')
  expect(server.connections.map(({ state }) => state)).toEqual(['open', 'open'])
  for (const text of ['One.', 'Two.', 'Three.']) await whole(provider, text)
  expect(server.connections).toHaveLength(2)
  expect(new Set(server.utterances.map(({ connection }) => connection)).size).toBe(1)
})

it('an interruption ends the sentence at once; the next one goes out on a spare that was already up', async () => {
  const server = await serve({ script: () => ({ chunkDelayMs: 20 }) })
  const { provider } = provide({ host: server.host })
  await provider.warm?.('call')
  const abort = new AbortController()
  const audio = speak(provider, LONG, {}, abort.signal)
  await audio.next()
  abort.abort()
  expect((await audio.next()).done).toBe(true)
  const answer = speak(provider, 'Yes?')
  await answer.next()
  await rest(answer)
  const [cut, next] = server.utterances
  expect(cut?.ended).toBe(false)
  expect(next).toMatchObject({ text: 'Yes?', ended: true })
  expect(next?.connection).not.toBe(cut?.connection)
  // One of the two that were up before the interruption.
  expect(next?.connection).toBeLessThan(2)
  await server.until(() => server.connections[cut?.connection ?? 0]?.state === 'closed')
  // And there is a spare again.
  await server.until(() => server.connections.filter(({ state }) => state === 'open').length === 2)
})

it('a connection the service closed while idle is replaced without anybody noticing', async () => {
  const server = await serve({ script: () => ({ utterances: 1 }) })
  const { provider } = provide({ host: server.host, spares: 0 })
  for (const text of ['One.', 'Two.', 'Three.']) {
    expect(await whole(provider, text)).toEqual(Buffer.from(spokenAudio(text)))
  }
  expect(server.connections.length).toBeGreaterThanOrEqual(3)
})

it('a connection that turns out dead before the first audio of a sentence is replaced once', async () => {
  const server = await serve({
    script: ({ index }) => (index === 0 ? { cut: { afterBytes: 0, code: 'reset', from: 2 } } : {}),
  })
  const { provider, context } = provide({ host: server.host, spares: 0 })
  for (const text of ['One.', 'Two.'])
    expect(await whole(provider, text)).toEqual(Buffer.from(spokenAudio(text)))
  expect(server.utterances.map(({ connection }) => connection)).toEqual([0, 0, 1])
  expect(context.metrics.value('azure_tts_stale_connections_total')).toBe(1)
  expect(context.metrics.value('azure_tts_errors_total')).toBe(0)
})

it('no more connections than max_connections: a sentence over that waits its turn', async () => {
  const server = await serve({ script: () => ({ chunkDelayMs: 1 }) })
  const { provider } = provide({ host: server.host, max_connections: 1 })
  const texts = ['One one one.', 'Two two two.', 'Three three.']
  const spoken = await Promise.all(
    texts.map((text, index) => whole(provider, text, { callId: `call${index}` })),
  )
  expect(spoken).toEqual(texts.map((text) => Buffer.from(spokenAudio(text))))
  expect(server.connections).toHaveLength(1)
})

it('a sentence that waits for a connection can be aborted, and the one behind it gets its turn', async () => {
  const server = await serve({ script: () => ({ chunkDelayMs: 5 }) })
  const { provider } = provide({ host: server.host, max_connections: 1 })
  const first = speak(provider, LONG)
  await first.next()
  const abort = new AbortController()
  const second = speak(provider, 'Two.', { callId: 'other' }, abort.signal)
  const waiting = second.next()
  const third = whole(provider, 'Three.', { callId: 'third' })
  abort.abort()
  expect((await waiting).done).toBe(true)
  expect((await rest(first)).error).toBeUndefined()
  expect(await third).toEqual(Buffer.from(spokenAudio('Three.')))
})

it('connections of calls that are gone are closed after idle_close_ms', async () => {
  const server = await serve()
  const time = createFakeClock()
  const { provider } = provide(
    { host: server.host, idle_close_ms: 60_000 },
    testContext({ clock: time.clock }),
  )
  await whole(provider, 'Good bye.')
  await server.until(() => server.openSockets === 2)
  await time.advance(61_000)
  await server.until(() => server.openSockets === 0)
  // And the next call is served as ever.
  expect(await whole(provider, 'Hello.')).toEqual(Buffer.from(spokenAudio('Hello.')))
})

it('after close nothing is open, and a sentence under way has ended', async () => {
  const server = await serve({ script: () => ({ chunkDelayMs: 10 }) })
  const { provider } = provide({ host: server.host })
  await provider.warm?.('call')
  const audio = speak(provider, LONG)
  await audio.next()
  await provider.close()
  expect((await rest(audio)).error).toMatchObject({ class: 'cancelled' })
  await server.until(() => server.openSockets === 0)
})
