import { MULAW_8K, ProviderError, type RealtimeEvent, type SttEvent } from '@kav/core'
import { createFakeClock, testContext, testParams } from '@kav/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openaiRealtime } from '../src/realtime/realtime.ts'
import { readServerEvent } from '../src/realtime/server-event.ts'
import type { RealtimeScript } from '../src/testing/index.ts'
import { anyMessages, SPEECH_MESSAGES, TRANSCRIPTION_MESSAGES } from './live-messages.ts'
import { OPTIONS } from './realtime-setup.ts'
import { loopback, never, sttFor } from './setup.ts'

const SILENCE = new Uint8Array(8 * 40).fill(0xff)

/** Takes the settings and then says only what the test says. */
const quiet: RealtimeScript = (peer) => {
  peer.on('session.update', () => peer.send({ type: 'session.updated', session: {} }))
}

/** Reads to the end, which is an end or a `ProviderError`; what came must be words, and times that can be. */
async function readSound(events: AsyncIterable<SttEvent | RealtimeEvent>): Promise<void> {
  try {
    for await (const event of events) expectSound(event)
  } catch (thrown) {
    if (!(thrown instanceof ProviderError)) throw thrown
  }
}

function expectSound(event: SttEvent | RealtimeEvent): void {
  for (const [field, value] of Object.entries(event)) {
    const is = `${event.type}.${field}`
    if (/Ms$|Tokens$|^confidence$/.test(field))
      expect(value, is).toSatisfy((n) => Number.isFinite(n) && n >= 0)
    else if (field === 'audio') expect(value, is).toBeInstanceOf(Uint8Array)
    else if (field === 'error') expect(value, is).toBeInstanceOf(ProviderError)
    else expect(value, is).toBeTypeOf('string')
  }
}

describe('one message of a Realtime server', () => {
  it('is an event, nothing that is read, or odd and says why, whatever it is', () => {
    const message = fc.oneof(
      fc.anything(),
      anyMessages(SPEECH_MESSAGES).map(([first]) => first),
    )
    fc.assert(
      fc.property(message, (one) => {
        const read = readServerEvent(one)
        if (read.kind === 'odd') expect(read.why).not.toBe('')
      }),
      { numRuns: 1000 },
    )
  })

  it('is an event when it is as it should be', () => {
    for (const message of SPEECH_MESSAGES) expect(readServerEvent(message)).toMatchObject({ kind: 'event' })
  })
})

describe('a session whose server says anything in any order', () => {
  it('of transcription closes, and its events end or say why', async () => {
    const server = await loopback()
    server.alwaysRealtime(quiet)
    const run = async (messages: unknown[], modes: { none: boolean; finish: boolean }) => {
      const time = createFakeClock()
      const stt = sttFor(
        server,
        { turn_detection: modes.none ? 'none' : 'server_vad', confidence: true },
        testContext({ clock: time.clock }),
      )
      const session = await stt.openSession({ callId: 'call-1', format: MULAW_8K, hints: [], signal: never })
      const over = readSound(session.events)
      const peer = server.peers.at(-1)!
      session.write(SILENCE)
      for (const message of messages) peer.sendRaw(JSON.stringify(message))
      await peer.roundTrip()
      await time.advance(4_000)
      if (modes.finish) session.finish()
      await time.advance(6_000)
      await session.close()
      await over
      await stt.close()
      expect(time.pending()).toBe(0)
    }
    const modes = fc.record({ none: fc.boolean(), finish: fc.boolean() })
    await fc.assert(fc.asyncProperty(anyMessages(TRANSCRIPTION_MESSAGES), modes, run), { numRuns: 60 })
  })

  it('of speech to speech closes, and its events end or say why', async () => {
    const server = await loopback()
    server.alwaysRealtime(quiet)
    const run = async (messages: unknown[], breaks: boolean) => {
      const time = createFakeClock()
      const given = { base_url: server.baseUrl, api_key: 'sk-test' }
      const provider = openaiRealtime.create(
        testParams(openaiRealtime.params, given),
        testContext({ clock: time.clock }),
      )
      const session = await provider.openSession(OPTIONS)
      const over = readSound(session.events)
      const peer = server.peers.at(-1)!
      session.write(SILENCE)
      for (const message of messages) peer.sendRaw(JSON.stringify(message))
      await peer.roundTrip()
      session.interrupt({ itemId: 'i1', heardMs: 40 })
      session.toolResult('c1', 'booked')
      // The conversation is put back from what was understood.
      if (breaks) peer.close(1011)
      await peer.roundTrip()
      await time.advance(1_000)
      session.write(SILENCE)
      session.finish()
      await session.close()
      await over
      await provider.close()
      expect(time.pending()).toBe(0)
    }
    await fc.assert(fc.asyncProperty(anyMessages(SPEECH_MESSAGES), fc.boolean(), run), { numRuns: 60 })
  })
})
