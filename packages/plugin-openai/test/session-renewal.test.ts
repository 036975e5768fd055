import { setTimeout as wait } from 'node:timers/promises'
import { MULAW_8K } from '@kav/core'
import { createFakeClock, type FakeClock, testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import type { RealtimePeer, RealtimeScript } from '../src/testing/index.ts'
import { open } from './realtime-setup.ts'
import { closeAfterTest, collect, loopback, never, sttFor } from './setup.ts'

const WALL_MS = 1_000_000
/** What servers announce, and nobody can believe. */
const UNBELIEVABLE = [
  ['in milliseconds', (WALL_MS / 1000 + 3_600) * 1000, 'too-far'],
  ['in the past', 0, 'past'],
  ['half a minute away', WALL_MS / 1000 + 31, 'too-near'],
  ['an hour away, for a clock of ours that is 56 minutes fast', WALL_MS / 1000 + 240, 'too-near'],
  ['text', '4600', 'no-number'],
] as const

/** Takes the settings, says when the session ends, and nothing else. */
const endingAt =
  (expiresAtS: unknown): RealtimeScript =>
  (peer) => {
    peer.send({ type: 'session.created', session: { expires_at: expiresAtS } })
    peer.on('session.update', () => peer.send({ type: 'session.updated', session: {} }))
  }

/** Time goes by while the server answers pings. */
async function advanceAlive(time: FakeClock, peer: RealtimePeer, ms: number): Promise<void> {
  for (let leftMs = ms; leftMs > 0; leftMs -= 10_000) {
    await time.advance(Math.min(10_000, leftMs))
    await peer.roundTrip()
  }
}

async function transcription(expiresAtS: unknown) {
  const time = createFakeClock({ wallMs: WALL_MS })
  const context = testContext({ clock: time.clock })
  const server = await loopback()
  server.alwaysRealtime(endingAt(expiresAtS))
  const stt = sttFor(server, {}, context)
  closeAfterTest(() => stt.close())
  const session = await stt.openSession({ callId: 'call-1', format: MULAW_8K, hints: [], signal: never })
  return { time, context, session, peer: await server.peer() }
}

describe('the end of a transcription session', () => {
  it('is announced before it comes', async () => {
    const { time, session, peer } = await transcription(WALL_MS / 1000 + 600)
    const next = session.events[Symbol.asyncIterator]().next()
    await advanceAlive(time, peer, 570_000)
    expect((await next).value).toEqual({ type: 'closing', reason: 'session-expires' })
  })

  it.each(UNBELIEVABLE)('that is %s is not believed, and counted', async (_name, expiresAtS, doubt) => {
    const { time, context, session, peer } = await transcription(expiresAtS)
    const heard = collect(session.events)
    await advanceAlive(time, peer, 300_000)
    await session.close()
    expect(await heard).toEqual([])
    expect(context.metrics.value('openai_stt_odd_expiry_total', { doubt })).toBe(1)
    expect(time.pending()).toBe(0)
  })
})

describe('the connection of a speech-to-speech session', () => {
  it.each(UNBELIEVABLE)('is not changed for an end that is %s', async (_name, expiresAtS, doubt) => {
    const time = createFakeClock({ wallMs: WALL_MS })
    const context = testContext({ clock: time.clock })
    const { server, peer, session } = await open({ script: endingAt(expiresAtS), context })
    await advanceAlive(time, peer, 300_000)
    expect(server.peers).toHaveLength(1)
    expect(context.metrics.value('openai_realtime_odd_expiry_total', { doubt })).toBe(1)
    await session.close()
    expect(time.pending()).toBe(0)
  })

  it('is made anew ever more slowly where each is lost at once, and then given up', async () => {
    const time = createFakeClock()
    const { server, heard } = await open({
      script(peer) {
        peer.on('session.update', () => {
          peer.send({ type: 'session.updated', session: {} })
          // Not before the client has taken it into use.
          void peer
            .roundTrip()
            .then(() => peer.roundTrip())
            .then(() => peer.close(1011))
        })
      },
      context: testContext({ clock: time.clock }),
    })
    let given: unknown
    const end = heard.end().catch((thrown: unknown) => (given = thrown))
    while (given === undefined) {
      await time.advance(200)
      await Promise.race([end, wait(1)])
    }
    expect(given).toMatchObject({ class: 'network' })
    expect(server.peers.length).toBeLessThanOrEqual(12)
    expect(time.pending()).toBe(0)
  })
})
