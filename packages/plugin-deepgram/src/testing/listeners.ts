import { createVoicedWords, type HttpScript, type LoopbackPeer } from '@kav/core/testing'

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

/** Nova: words while there is voice, final after half a second of silence, or when the stream is closed. */
export function novaListener(peer: LoopbackPeer, said: readonly string[]): void {
  let told = ''
  const heard = createVoicedWords({
    said,
    onWords(text, fromBytes) {
      if (told === '')
        peer.send({ type: 'SpeechStarted', channel: [0], timestamp: fromBytes * SECONDS_PER_BYTE })
      told = text
      peer.send(results(text, text.split(' ').length, heard.bytes))
    },
    onEnd(text) {
      told = ''
      peer.send(results(text, text.split(' ').length, heard.bytes, { is_final: true, speech_final: true }))
    },
  })
  peer.onMessage((message) => {
    if (Buffer.isBuffer(message)) heard.hear(message)
    else if (message.type === 'CloseStream') {
      heard.end()
      peer.send({
        type: 'Metadata',
        request_id: 'loopback',
        duration: heard.bytes * SECONDS_PER_BYTE,
        channels: 1,
      })
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

/** Flux: a turn while there is voice, over after half a second of silence, or when the stream is closed. */
export function fluxListener(peer: LoopbackPeer, said: readonly string[]): void {
  let told = ''
  const heard = createVoicedWords({
    said,
    onWords(text) {
      const event = told === '' ? 'StartOfTurn' : 'Update'
      told = text
      peer.send(turnInfo(event, text, heard.bytes))
    },
    onEnd(text) {
      told = ''
      peer.send(turnInfo('EndOfTurn', text, heard.bytes, 0.9))
    },
  })
  peer.send({ type: 'Connected', request_id: 'loopback', sequence_id: 0 })
  peer.onMessage((message) => {
    if (Buffer.isBuffer(message)) heard.hear(message)
    else if (message.type === 'CloseStream') {
      heard.end()
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
