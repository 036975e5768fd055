import type { AudioFormat } from '@kav/core'
import { fakeSpeech, type HttpExchange, type LoopbackPeer } from '@kav/core/testing'

const CHUNK_BYTES = 1_001

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

/** `POST /v1/speak`: a tone as long as the text, in uneven pieces. */
export async function speakByRequest(
  { request, json, head, write, end, cut }: HttpExchange,
  said: Said,
  failure?: Failure,
): Promise<void> {
  const { query } = request
  const text: unknown = request.json?.text
  if (typeof text !== 'string' || text.length > 2_000)
    return json(413, { err_code: 'Payload Too Large', err_msg: 'The input text exceeds 2000 characters.' })
  said.texts++
  head(200, { 'content-type': 'audio/mulaw', 'dg-request-id': 'loopback' })
  // A header, unless none was asked for: it would be a click.
  if (query.get('container') !== 'none') await write(new Uint8Array(44))
  for (const piece of piecesOf(text, query).slice(0, failure?.afterPieces)) {
    said.pieces.push(piece)
    await write(piece)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  if (failure === undefined) end()
  else if (failure.by === 'cut') cut()
}

/** `/v1/speak`: text is spoken at each flush; `Clear` stops it. */
export function speakBySocket(peer: LoopbackPeer, said: Said, failure?: Failure): void {
  let text = ''
  let generation = 0
  let speaking = Promise.resolve()
  let flushes = 0

  async function speak(what: string, of: number): Promise<void> {
    said.texts++
    for (const piece of piecesOf(what, peer.url.searchParams).slice(0, failure?.afterPieces)) {
      if (of !== generation) return
      said.pieces.push(piece)
      peer.sendRaw(piece)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    if (failure?.by === 'cut') peer.cut()
    if (failure !== undefined) return
    if (of === generation) peer.send({ type: 'Flushed', sequence_id: flushes++ })
  }

  peer.send({ type: 'Metadata', request_id: 'loopback', model_name: peer.url.searchParams.get('model') })
  peer.onMessage((message) => {
    if (message.type === 'Speak') text += message.text
    else if (message.type === 'Flush') {
      const [what, of] = [text, generation]
      text = ''
      speaking = speaking.then(() => speak(what, of))
    } else if (message.type === 'Clear') {
      text = ''
      generation++
      speaking = speaking.then(() => peer.send({ type: 'Cleared', sequence_id: flushes }))
    } else if (message.type === 'Close') peer.close(1000)
  })
}

function piecesOf(text: string, query: URLSearchParams): readonly Uint8Array[] {
  const format = {
    encoding: query.get('encoding') ?? 'linear16',
    sampleRateHz: Number(query.get('sample_rate') ?? 24_000),
  } as AudioFormat
  const speech = fakeSpeech(text.trim(), format)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < speech.length; at += CHUNK_BYTES) pieces.push(speech.subarray(at, at + CHUNK_BYTES))
  return pieces
}
