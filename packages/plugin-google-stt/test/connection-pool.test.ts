import { createFakeClock, testContext } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { numberedFrames, type SpeechServer } from '../src/testing/index.ts'
import { hearAll, open, provide, proxyTo, serve } from './open-for-test.ts'

const peers = (server: SpeechServer): number => new Set(server.streams.map((stream) => stream.peer)).size

it('opens another connection when one is full, and fills the fullest one first', async () => {
  const server = await serve()
  const { provider, context } = provide(server.endpoint, { max_streams_per_connection: 3 })
  const sessions = await Promise.all(Array.from({ length: 7 }, () => open(provider)))
  await server.until(() => server.streams.length === 7)
  expect(peers(server)).toBe(3)
  expect(context.metrics.value('google_stt_connections')).toBe(3)
  await sessions[0]?.close()
  await open(provider)
  await server.until(() => server.streams.length === 8)
  const perPeer = [...new Set(server.streams.map((stream) => stream.peer))].map(
    (peer) => server.streams.filter((stream) => stream.peer === peer).length,
  )
  expect(perPeer.sort()).toEqual([1, 3, 4])
})

it('closes a connection that nobody used for a while, but keeps the last one', async () => {
  const time = createFakeClock()
  const server = await serve()
  const { provider, context } = provide(
    server.endpoint,
    { max_streams_per_connection: 1 },
    testContext({ clock: time.clock }),
  )
  const sessions = await Promise.all([open(provider), open(provider), open(provider)])
  for (const session of sessions) await session.close()
  expect(context.metrics.value('google_stt_connections')).toBe(3)
  await time.advance(30_000)
  expect(context.metrics.value('google_stt_connections')).toBe(1)
  expect(time.pending()).toBe(0)
})

it('keeps below a server’s limit of streams, so that audio moves on every stream', async () => {
  const server = await serve({ maxConcurrentStreams: 10 })
  const { provider } = provide(server.endpoint, { max_streams_per_connection: 8 })
  const sessions = await Promise.all(Array.from({ length: 20 }, () => open(provider)))
  for (const session of sessions) session.write(numberedFrames(0, 2))
  await server.until(() => server.streams.filter((stream) => stream.frames.length === 2).length === 20)
})

it('gives no new stream to a connection on which nobody was heard for a while', async () => {
  const time = createFakeClock()
  const server = await serve()
  const proxy = await proxyTo(server.port)
  const { provider } = provide(proxy.endpoint, {}, testContext({ clock: time.clock }))
  await open(provider)
  proxy.stall()
  await time.advance(4500)
  await open(provider)
  expect(server.streams).toHaveLength(2)
  expect(peers(server)).toBe(2)
})

it('a server that goes away gets no new stream; the old one is finished there', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint)
  const session = await open(provider)
  session.write(numberedFrames(0, 2))
  await server.until(() => server.streams[0]?.frames.length === 2)
  server.goAway(60_000)
  // The frame that says so is on the wire before the answer to the next write is.
  session.write(numberedFrames(2, 4))
  await server.until(() => server.streams[0]?.frames.length === 4)
  await open(provider)
  await server.until(() => server.streams.length === 2)
  session.finish()
  expect((await hearAll(session)).error).toBeUndefined()
  expect(server.streams[0]).toMatchObject({ frames: [0, 1, 2, 3], state: 'finished' })
  expect(peers(server)).toBe(2)
})

it('a server that goes away and breaks the stream is a network fault', async () => {
  const server = await serve()
  const { provider } = provide(server.endpoint)
  const session = await open(provider)
  await server.until(() => server.streams.length === 1)
  server.goAway(0)
  expect((await hearAll(session)).error).toMatchObject({ class: 'network', retryable: true })
})
