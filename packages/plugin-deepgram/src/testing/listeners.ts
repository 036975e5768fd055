import type { HttpScript, LoopbackPeer } from '@kav/core/testing'

/** So much audio makes a word. */
const BYTES_PER_WORD = 800
const SECONDS_PER_BYTE = 1 / 8_000

/** Nova's `Results` for the first `count` words of `said`. */
export function results(said: string, count: number, bytes: number, flags: object = {}): object {
  const words = said.split(' ').slice(0, count)
  const end = bytes * SECONDS_PER_BYTE
  return {
    type: 'Results',
    channel_index: [0, 1],
    start: 0,
    duration: end,
    is_final: false,
    speech_final: false,
    channel: {
      alternatives: [
        {
          transcript: words.join(' '),
          confidence: 0.98,
          words: words.map((word, index) => ({
            word,
            start: (end * index) / words.length,
            end: (end * (index + 1)) / words.length,
            confidence: 0.97,
          })),
        },
      ],
    },
    metadata: { request_id: 'loopback', model_uuid: 'loopback' },
    ...flags,
  }
}

/** Nova: a word for every tenth of a second, final with all of them when the stream is closed. */
export function novaListener(peer: LoopbackPeer, said: string): void {
  const all = said.split(' ').length
  let told = 0
  peer.onMessage((message) => {
    const bytes = peer.bytes().length
    if (Buffer.isBuffer(message)) {
      const heard = Math.min(all, Math.floor(bytes / BYTES_PER_WORD))
      if (heard === told) return
      if (told === 0) peer.send({ type: 'SpeechStarted', channel: [0], timestamp: 0 })
      told = heard
      peer.send(results(said, heard, bytes))
    } else if (message.type === 'Finalize') {
      peer.send(results(said, told, bytes, { is_final: true, from_finalize: true }))
    } else if (message.type === 'CloseStream') {
      if (bytes > 0) peer.send(results(said, all, bytes, { is_final: true, speech_final: true }))
      peer.send({ type: 'Metadata', request_id: 'loopback', duration: bytes * SECONDS_PER_BYTE, channels: 1 })
      peer.close(1000)
    }
  })
}

/** Flux's `TurnInfo`. */
export function turnInfo(event: string, transcript: string, bytes: number, confidence = 0.1): object {
  const end = bytes * SECONDS_PER_BYTE
  return {
    type: 'TurnInfo',
    request_id: 'loopback',
    sequence_id: 1,
    event,
    turn_index: 0,
    audio_window_start: 0,
    audio_window_end: end,
    transcript,
    words: transcript === '' ? [] : transcript.split(' ').map((word) => ({ word, confidence: 0.9 })),
    end_of_turn_confidence: confidence,
  }
}

/** Flux: one turn, over when the stream is closed. */
export function fluxListener(peer: LoopbackPeer, said: string): void {
  const words = said.split(' ')
  let told = 0
  peer.send({ type: 'Connected', request_id: 'loopback', sequence_id: 0 })
  peer.onMessage((message) => {
    const bytes = peer.bytes().length
    if (Buffer.isBuffer(message)) {
      const heard = Math.min(words.length, Math.floor(bytes / BYTES_PER_WORD))
      if (heard === told) return
      const event = told === 0 ? 'StartOfTurn' : 'Update'
      told = heard
      peer.send(turnInfo(event, words.slice(0, heard).join(' '), bytes))
    } else if (message.type === 'CloseStream') {
      if (bytes > 0) peer.send(turnInfo('EndOfTurn', said, bytes, 0.9))
      peer.close(1000)
    }
  })
}

/** What `POST /v1/listen` answers. */
export function transcript(said: string): HttpScript {
  return ({ json }) =>
    json(200, {
      metadata: { request_id: 'loopback' },
      results: { channels: [{ alternatives: [{ transcript: said, confidence: 0.98, words: [] }] }] },
    })
}
