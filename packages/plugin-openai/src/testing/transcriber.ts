import { type AudioFormat, createConverter } from '@kav/core'
import type { RealtimePeer, RealtimeScript } from './realtime-peer.ts'

export interface TranscriberOptions {
  /** What segment `index` of a connection says. */
  readonly transcript: (audio: Buffer, index: number) => string
  /** Time each word takes to be written down after its segment. Default 0; a real server takes 20 to 60 ms. */
  readonly wordMs?: number
  /** `beta`: the event names from before general availability. */
  readonly names?: 'current' | 'beta'
  /** Sent with `session.created`; Unix seconds. */
  readonly expiresAt?: number
}

const FRAME_MS = 20
const VOICE_LEVEL = 400
const MIN_COMMIT_MS = 100

/**
 * A transcription session that behaves: it finds speech by its level when the session asks for `server_vad`, takes
 * commits, and streams each segment's transcript word by word.
 */
export function transcriber(options: TranscriberOptions): RealtimeScript {
  return (peer) => {
    const beta = options.names === 'beta'
    const name = (current: string) => (beta ? current.replace(/^session/, 'transcription_session') : current)
    const session = { id: 'sess_loopback', ...(options.expiresAt ? { expires_at: options.expiresAt } : {}) }
    peer.send({ type: name('session.created'), session })
    peer.on('session.update', (event) => {
      peer.send({ type: name('session.updated'), session: { ...session, ...event.session } })
      if (peer.received.filter((one) => one.type === 'session.update').length > 1) return
      listen(peer, event.session.audio.input, options)
    })
  }
}

/** Finds segments in what the peer is sent, and writes them down. Calls `heard` after each. */
export function listen(
  peer: RealtimePeer,
  input: { format: { type: string }; turn_detection: { silence_duration_ms?: number } | null },
  options: Pick<TranscriberOptions, 'transcript' | 'wordMs'>,
  heard: (transcript: string) => void = () => undefined,
): void {
  const bytesPerMs = input.format.type === 'audio/pcm' ? 48 : 8
  const level = levelOf(input.format.type)
  const silenceMs = input.turn_detection?.silence_duration_ms ?? 500
  let buffered = Buffer.alloc(0)
  /** Where `buffered` begins, and where listening has got to, from the session's first byte. */
  let baseMs = 0
  let heardMs = 0
  let quietMs = 0
  let itemId: string | undefined
  let items = 0

  const newItem = () => `item_${items++}`
  const transcribe = async (id: string, audio: Buffer) => {
    const index = Number(id.slice('item_'.length))
    const transcript = options.transcript(audio, index)
    const about = { item_id: id, content_index: 0 }
    for (const delta of transcript.split(/(?<= )/)) {
      if (delta === '') continue
      if (options.wordMs) await new Promise((resolve) => setTimeout(resolve, options.wordMs))
      peer.send({ type: 'conversation.item.input_audio_transcription.delta', ...about, delta })
    }
    peer.send({
      type: 'conversation.item.input_audio_transcription.completed',
      ...about,
      transcript,
      usage: { type: 'duration', seconds: audio.length / bytesPerMs / 1000 },
    })
    heard(transcript)
  }
  const take = (untilMs: number) => {
    const bytes = Math.round((untilMs - baseMs) * bytesPerMs)
    const audio = buffered.subarray(0, bytes)
    buffered = buffered.subarray(bytes)
    baseMs = untilMs
    return audio
  }
  const commit = (id: string, audio: Buffer) => {
    peer.send({ type: 'input_audio_buffer.committed', item_id: id })
    void transcribe(id, audio)
  }

  peer.on('input_audio_buffer.append', (event) => {
    buffered = Buffer.concat([buffered, Buffer.from(event.audio, 'base64')])
    if (!input.turn_detection) return
    while (baseMs + buffered.length / bytesPerMs >= heardMs + FRAME_MS) {
      const at = Math.max(0, Math.round((heardMs - baseMs) * bytesPerMs))
      const voiced = level(buffered.subarray(at, at + FRAME_MS * bytesPerMs)) > VOICE_LEVEL
      heardMs += FRAME_MS
      quietMs = voiced ? 0 : quietMs + FRAME_MS
      if (voiced && itemId === undefined) {
        itemId = newItem()
        const audio_start_ms = heardMs - FRAME_MS
        peer.send({ type: 'input_audio_buffer.speech_started', item_id: itemId, audio_start_ms })
      }
      if (itemId === undefined || quietMs < silenceMs) continue
      peer.send({ type: 'input_audio_buffer.speech_stopped', item_id: itemId, audio_end_ms: heardMs })
      commit(itemId, take(heardMs))
      itemId = undefined
    }
  })
  peer.on('input_audio_buffer.commit', () => {
    const endMs = baseMs + buffered.length / bytesPerMs
    if (endMs - baseMs < MIN_COMMIT_MS) {
      const code = 'input_audio_buffer_commit_empty'
      peer.send({
        type: 'error',
        error: { type: 'invalid_request_error', code, message: 'buffer too small' },
      })
      return
    }
    heardMs = endMs
    quietMs = 0
    itemId = undefined
    commit(newItem(), take(endMs))
  })
}

function levelOf(type: string): (audio: Uint8Array) => number {
  const encoding = type === 'audio/pcmu' ? 'mulaw' : type === 'audio/pcma' ? 'alaw' : 'linear16'
  const from: AudioFormat = { encoding, sampleRateHz: encoding === 'linear16' ? 24_000 : 8_000 }
  const converter = createConverter(from, { encoding: 'linear16', sampleRateHz: 8_000 })
  return (audio) => {
    const samples = Buffer.from(converter.convert(audio))
    let sum = 0
    for (let at = 0; at + 1 < samples.length; at += 2) sum += Math.abs(samples.readInt16LE(at))
    return (2 * sum) / Math.max(2, samples.length)
  }
}
