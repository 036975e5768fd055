import { MULAW_8K, type RealtimeEvent, type RealtimeSession, type RealtimeSessionOptions } from '@kav/core'
import { fakeSpeech, testContext, testParams, type TestContext } from '@kav/core/testing'
import { openaiRealtime } from '../src/realtime/realtime.ts'
import type { RealtimePeer, RealtimeScript } from '../src/testing/index.ts'
import { closeAfterTest, loopback, never } from './setup.ts'

export const OPTIONS: RealtimeSessionOptions = {
  callId: 'call-1',
  format: MULAW_8K,
  instructions: 'You are the front desk.',
  tools: [],
  hints: [],
  history: [],
  signal: never,
}
export const SPEECH = fakeSpeech('hello there', MULAW_8K)
export const PAUSE = new Uint8Array(8 * 700).fill(0xff)

/** Takes the settings and then says only what the test says. */
const quiet: RealtimeScript = (peer) => {
  peer.on('session.update', () => peer.send({ type: 'session.updated', session: {} }))
}

interface Setup {
  readonly script?: RealtimeScript
  readonly params?: Record<string, unknown>
  readonly options?: Partial<RealtimeSessionOptions>
  readonly context?: TestContext
}

export async function open({ script = quiet, params = {}, options, context = testContext() }: Setup = {}) {
  const server = await loopback()
  server.alwaysRealtime(script)
  const given = { base_url: server.baseUrl, api_key: 'sk-test', ...params }
  const provider = openaiRealtime.create(testParams(openaiRealtime.params, given), context)
  closeAfterTest(() => provider.close())
  const session = await provider.openSession({ ...OPTIONS, ...options })
  return { server, provider, session, heard: read(session), peer: await server.peer(), context }
}

/** Reads events in the background; `until` waits for one. */
function read(session: RealtimeSession) {
  const events: RealtimeEvent[] = []
  let wake: () => void = () => undefined
  let error: Error | undefined
  let over = false
  void (async () => {
    try {
      for await (const event of session.events) {
        events.push(event)
        wake()
      }
    } catch (thrown) {
      error = thrown as Error
    }
    over = true
    wake()
  })()
  async function wait<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find()
      if (found !== undefined) return found
      if (over) throw error ?? new Error('the events ended')
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  return {
    events,
    types: () => events.map((event) => event.type),
    until: <Type extends RealtimeEvent['type']>(type: Type, index = 0) =>
      wait(
        () =>
          events.filter((event) => event.type === type)[index] as
            Extract<RealtimeEvent, { type: Type }> | undefined,
      ),
    end: () => wait(() => (over && error === undefined ? true : undefined)),
  }
}

export const sent = (peer: RealtimePeer, type: string) => peer.received.filter((event) => event.type === type)
export const items = (peer: RealtimePeer) => sent(peer, 'conversation.item.create').map((event) => event.item)

/** The server's side of one spoken answer, as far as the test wants it. */
export function answering(peer: RealtimePeer, id: string) {
  const about = { response_id: id, item_id: `msg_${id}`, output_index: 0, content_index: 0 }
  return {
    start: () => peer.send({ type: 'response.created', response: { id } }),
    audio: (ms: number) =>
      peer.send({
        type: 'response.output_audio.delta',
        ...about,
        delta: Buffer.alloc(ms * 8, 0x20).toString('base64'),
      }),
    words: (delta: string) => peer.send({ type: 'response.output_audio_transcript.delta', ...about, delta }),
    done: (status = 'completed', more = {}) =>
      peer.send({ type: 'response.done', response: { id, status, ...more } }),
  }
}

export function callerSaid(peer: RealtimePeer, item_id: string, transcript: string): void {
  const asr = 'conversation.item.input_audio_transcription'
  peer.send({ type: 'input_audio_buffer.committed', item_id })
  peer.send({ type: `${asr}.completed`, item_id, content_index: 0, transcript })
}
