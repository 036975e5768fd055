import { type AudioFormat, bytesPerSecond } from '@kav/core'
import { fakeSpeech, type HttpExchange, type LoopbackPeer } from '@kav/core/testing'

const CHUNK_BYTES = 1_200

interface Piece {
  readonly audio: Uint8Array
  readonly chars: string[]
  /** Within the whole text. */
  readonly startsMs: number[]
  readonly offsetMs: number
}

/** A tone as long as the text, in pieces that end inside words. */
function piecesOf(text: string, formatName: string | null): Piece[] {
  const [encoding, rate] = (formatName ?? 'pcm_16000').split('_')
  const format = {
    encoding: encoding === 'ulaw' ? 'mulaw' : 'linear16',
    sampleRateHz: Number(rate),
  } as AudioFormat
  const speech = fakeSpeech(text, format)
  const msPerByte = 1000 / bytesPerSecond(format)
  const msPerChar = (speech.length * msPerByte) / Math.max(1, text.length)
  const pieces: Piece[] = []
  let char = 0
  for (let at = 0; at < speech.length; at += CHUNK_BYTES) {
    const untilMs = (at + CHUNK_BYTES) * msPerByte
    const from = char
    while (char < text.length && char * msPerChar < untilMs) char++
    const chars = [...text.slice(from, char)]
    const startsMs = chars.map((_, index) => (from + index) * msPerChar)
    pieces.push({ audio: speech.subarray(at, at + CHUNK_BYTES), chars, startsMs, offsetMs: at * msPerByte })
  }
  return pieces
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

/** `POST …/stream`. */
export async function speakByRequest({ request, head, write, end }: HttpExchange): Promise<void> {
  head(200, { 'content-type': 'audio/basic', 'request-id': 'loopback' })
  for (const { audio } of piecesOf(request.json.text, request.query.get('output_format'))) {
    await write(audio)
    await pause()
  }
  end()
}

/** `POST …/stream/with-timestamps`: an object a line, times in seconds from the beginning. */
export async function speakWithTimes({ request, head, write, end }: HttpExchange): Promise<void> {
  head(200, { 'content-type': 'application/json' })
  for (const { audio, chars, startsMs } of piecesOf(request.json.text, request.query.get('output_format'))) {
    const starts = startsMs.map((ms) => ms / 1000)
    const alignment = {
      characters: chars,
      character_start_times_seconds: starts,
      character_end_times_seconds: starts,
    }
    await write(`${JSON.stringify({ audio_base64: Buffer.from(audio).toString('base64'), alignment })}\n\n`)
    await pause()
  }
  end()
}

/** `…/stream-input` with `auto_mode`: each text is spoken as it comes, times in milliseconds within their piece. */
export function speakBySocket(peer: LoopbackPeer): void {
  let speaking = Promise.resolve()
  let gone = false
  void peer.closed.then(() => (gone = true))

  async function speak(text: string): Promise<void> {
    for (const { audio, chars, startsMs, offsetMs } of piecesOf(
      text,
      peer.url.searchParams.get('output_format'),
    )) {
      if (gone) return
      const alignment = {
        chars,
        charStartTimesMs: startsMs.map((ms) => ms - offsetMs),
        charDurationsMs: chars.map(() => 60),
      }
      peer.send({
        audio: Buffer.from(audio).toString('base64'),
        isFinal: null,
        normalizedAlignment: null,
        alignment,
      })
      await pause()
    }
  }

  peer.onMessage(({ text }) => {
    if (text === '') {
      speaking = speaking.then(() => {
        peer.send({ audio: null, isFinal: true })
        peer.close(1000)
      })
    } else if (text.trim() !== '') speaking = speaking.then(() => speak(text))
  })
}
