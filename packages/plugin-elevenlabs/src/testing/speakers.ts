import { type AudioFormat, bytesPerSecond } from '@kav/core'
import { fakeSpeech, type HttpExchange, type LoopbackPeer } from '@kav/core/testing'

const CHUNK_BYTES = 1_200

/** A service that fails in the middle of what it says. */
export interface Failure {
  readonly afterPieces: number
  readonly by: 'silence' | 'cut'
}

/** All that a service was given to say, and all that it said. */
export interface Said {
  texts: number
  readonly pieces: Uint8Array[]
}

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
export async function speakByRequest(
  { request, head, write, end, cut }: HttpExchange,
  said: Said,
  failure?: Failure,
): Promise<void> {
  head(200, { 'content-type': 'audio/basic', 'request-id': 'loopback' })
  said.texts++
  const pieces = piecesOf(request.json.text, request.query.get('output_format'))
  for (const { audio } of pieces.slice(0, failure?.afterPieces)) {
    said.pieces.push(audio)
    await write(audio)
    await pause()
  }
  if (failure === undefined) end()
  else if (failure.by === 'cut') cut()
}

/** `POST …/stream/with-timestamps`: an object a line, times in seconds from the beginning. */
export async function speakWithTimes(
  { request, head, write, end, cut }: HttpExchange,
  said: Said,
  failure?: Failure,
): Promise<void> {
  head(200, { 'content-type': 'application/json' })
  said.texts++
  const pieces = piecesOf(request.json.text, request.query.get('output_format'))
  for (const { audio, chars, startsMs } of pieces.slice(0, failure?.afterPieces)) {
    const starts = startsMs.map((ms) => ms / 1000)
    const alignment = {
      characters: chars,
      character_start_times_seconds: starts,
      character_end_times_seconds: starts,
    }
    said.pieces.push(audio)
    await write(`${JSON.stringify({ audio_base64: Buffer.from(audio).toString('base64'), alignment })}\n\n`)
    await pause()
  }
  if (failure === undefined) end()
  else if (failure.by === 'cut') cut()
}

/** `…/stream-input` with `auto_mode`: each text is spoken as it comes, times in milliseconds within their piece. */
export function speakBySocket(peer: LoopbackPeer, said: Said, failure?: Failure): void {
  let speaking = Promise.resolve()
  let gone = false
  void peer.closed.then(() => (gone = true))

  async function speak(text: string): Promise<void> {
    said.texts++
    const pieces = piecesOf(text, peer.url.searchParams.get('output_format'))
    for (const { audio, chars, startsMs, offsetMs } of pieces.slice(0, failure?.afterPieces)) {
      if (gone) return
      const alignment = {
        chars,
        charStartTimesMs: startsMs.map((ms) => ms - offsetMs),
        charDurationsMs: chars.map(() => 60),
      }
      said.pieces.push(audio)
      peer.send({
        audio: Buffer.from(audio).toString('base64'),
        isFinal: null,
        normalizedAlignment: null,
        alignment,
      })
      await pause()
    }
    if (failure === undefined) return
    if (failure.by === 'cut') peer.cut()
    gone = true
  }

  peer.onMessage(({ text }) => {
    if (text === '') {
      speaking = speaking.then(() => {
        if (gone) return
        peer.send({ audio: null, isFinal: true })
        peer.close(1000)
      })
    } else if (text.trim() !== '') speaking = speaking.then(() => speak(text))
  })
}
