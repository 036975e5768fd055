import { MULAW_8K } from '@kav/core'
import { fakeSpeech } from '@kav/core/testing'
import type { RealtimePeer, RealtimeScript } from './realtime-peer.ts'
import { listen } from './transcriber.ts'

export interface TalkerOptions {
  /** What segment `index` of a connection says. */
  readonly transcript: (audio: Buffer, index: number) => string
  /** What the agent answers, or the tool it calls. */
  readonly answer: (heard: string) => string | { readonly name: string; readonly arguments: string }
}

const CHUNK_BYTES = 800

/** What each reply costs. */
export const REPLY_USAGE = {
  input_tokens: 20,
  output_tokens: 10,
  input_token_details: { audio_tokens: 15, text_tokens: 5 },
}

/**
 * A speech-to-speech session that behaves: it hears turns as `transcriber` does and answers each in mu-law, faster
 * than it plays; it answers `response.create` too, and refuses it while it is speaking.
 */
export function talker(options: TalkerOptions): RealtimeScript {
  return (peer) => {
    peer.send({ type: 'session.created', session: { id: 'sess_loopback' } })
    let lastHeard = ''
    let replies = 0
    let cancel: (() => void) | undefined

    const reply = (say: ReturnType<TalkerOptions['answer']>) => {
      const id = `resp_${replies++}`
      peer.send({ type: 'response.created', response: { id, status: 'in_progress' } })
      const done = (status: string) => {
        cancel = undefined
        peer.send({ type: 'response.done', response: { id, status, usage: REPLY_USAGE } })
      }
      if (typeof say !== 'string') {
        const item = {
          type: 'function_call',
          id: `fc_${id}`,
          call_id: `call_${id}`,
          status: 'completed',
          ...say,
        }
        peer.send({ type: 'response.output_item.done', response_id: id, item })
        return done('completed')
      }
      let stopped = false
      cancel = () => {
        stopped = true
        done('cancelled')
      }
      void speak(peer, id, say, () => stopped).then(() => stopped || done('completed'))
    }

    peer.on('session.update', ({ session }) => {
      peer.send({ type: 'session.updated', session })
      const detects = session.audio.input.turn_detection !== null
      listen(peer, session.audio.input, options, (heard) => {
        lastHeard = heard
        if (!detects) return
        cancel?.()
        reply(options.answer(heard))
      })
    })
    peer.on('response.cancel', () => {
      if (cancel) return cancel()
      peer.send({
        type: 'error',
        error: { code: 'response_cancel_not_active', message: 'no active response' },
      })
    })
    peer.on('response.create', ({ response }) => {
      if (cancel) {
        const code = 'conversation_already_has_active_response'
        return peer.send({ type: 'error', error: { type: 'invalid_request_error', code, message: code } })
      }
      const said = /"(.*)"$/.exec(response?.instructions ?? '')?.[1]
      const outputs = peer.received.filter((event) => event.item?.type === 'function_call_output')
      reply(said ?? (outputs.length > 0 ? outputs.at(-1).item.output : options.answer(lastHeard)))
    })
  }
}

/** One message item, audio and transcript side by side, a chunk per turn of the event loop. */
async function speak(
  peer: RealtimePeer,
  response_id: string,
  text: string,
  stopped: () => boolean,
): Promise<void> {
  const item_id = `msg_${response_id}`
  const about = { response_id, item_id, output_index: 0, content_index: 0 }
  const audio = Buffer.from(fakeSpeech(text, MULAW_8K))
  const words = text.split(/(?<= )/)
  peer.send({ type: 'response.output_item.added', response_id, item: { id: item_id, type: 'message' } })
  for (let at = 0; at < audio.length && !stopped(); at += CHUNK_BYTES) {
    const delta = words.shift()
    if (delta) peer.send({ type: 'response.output_audio_transcript.delta', ...about, delta })
    const piece = audio.subarray(at, at + CHUNK_BYTES).toString('base64')
    peer.send({ type: 'response.output_audio.delta', ...about, delta: piece })
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (stopped()) return
  peer.send({ type: 'response.output_audio.done', ...about })
  peer.send({ type: 'response.output_audio_transcript.done', ...about, transcript: text })
}
