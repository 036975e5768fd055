import {
  type HttpScript,
  type LoopbackPeer,
  type LoopbackServer,
  openLoopbackServer,
  type ReceivedOptions,
  type SocketScript,
} from '@kav/core/testing'
import { readWav } from '@kav/core'
import { scribeListener } from './scribe-listener.ts'
import { type Failure, type Said, speakByRequest, speakBySocket, speakWithTimes } from './speakers.ts'

/** An ElevenLabs on this machine, written from its documents and SDK: one voice, live and single recognition, models. */
export interface ElevenlabsServer extends LoopbackServer {
  /** For `base_url`. */
  readonly baseUrl: string
  /** The audio of the latest session or request. */
  received(): Uint8Array
  /** What came with it: a session has all of it in its query, a request its format in a WAV header. */
  receivedOptions(): ReceivedOptions
  /** What it was given to say so far, and what it said. */
  readonly said: Readonly<Said>
}

export interface ElevenlabsServerOptions {
  /** What callers say, one text for each utterance; the last one again and again. */
  readonly said?: readonly string[]
  /** The one key it takes, and the one voice it has. */
  readonly key?: string
  readonly voice?: string
  /** What becomes of all that it says. */
  readonly failure?: Failure
}

/** What ElevenLabs answers with to a key that is none (help.elevenlabs.io, "Error Code 400 or 401"). */
const INVALID_KEY = { detail: { status: 'invalid_api_key', message: 'Invalid API key' } }

export async function openElevenlabsServer(options: ElevenlabsServerOptions = {}): Promise<ElevenlabsServer> {
  const { said = ['the quick brown fox'], key = 'good-key', voice = 'anna', failure } = options
  const server = await openLoopbackServer()
  const isLetIn = (headers: Readonly<Record<string, unknown>>): boolean => headers['xi-api-key'] === key
  const guarded =
    (script: SocketScript): SocketScript =>
    (upgrade) =>
      isLetIn(upgrade.headers) ? script(upgrade) : upgrade.refuse(403, INVALID_KEY)
  const guardedHttp =
    (script: HttpScript): HttpScript =>
    (exchange) =>
      isLetIn(exchange.request.headers) ? script(exchange) : exchange.json(401, INVALID_KEY)

  const spoken: Said = { texts: 0, pieces: [] }
  /** A session, or the form of a request. */
  let latest: LoopbackPeer | Buffer | undefined
  const speech = `/v1/text-to-speech/${voice}`
  server.onSocket(
    `${speech}/stream-input`,
    guarded((upgrade) => speakBySocket(upgrade.accept(), spoken, failure)),
  )
  server.onHttp(
    `${speech}/stream`,
    guardedHttp((exchange) => speakByRequest(exchange, spoken, failure)),
  )
  server.onHttp(
    `${speech}/stream/with-timestamps`,
    guardedHttp((exchange) => speakWithTimes(exchange, spoken, failure)),
  )
  server.onSocket(
    '/v1/speech-to-text/realtime',
    guarded((upgrade) => {
      const peer = upgrade.accept()
      latest = peer
      scribeListener(peer, said)
    }),
  )
  server.onHttp(
    '/v1/speech-to-text',
    guardedHttp(({ request, json }) => {
      latest = request.body
      json(200, { language_code: 'en', text: said[0], words: [] })
    }),
  )
  server.onHttp(
    '/v1/models',
    guardedHttp(({ json }) => json(200, [{ model_id: 'eleven_flash_v2_5', can_do_text_to_speech: true }])),
  )
  server.onHttp(
    `/v1/voices/${voice}`,
    guardedHttp(({ json }) => json(200, { voice_id: voice, name: 'Anna' })),
  )

  return {
    ...server,
    baseUrl: server.httpUrl,
    received() {
      if (latest === undefined) return new Uint8Array()
      return Buffer.isBuffer(latest) ? wavIn(latest).audio : audioOf(latest)
    },
    receivedOptions() {
      if (Buffer.isBuffer(latest)) return optionsOfForm(latest)
      return optionsOfQuery(latest!.url.searchParams)
    },
    said: spoken,
  }
}

const wavIn = (form: Buffer) => readWav(form.subarray(form.indexOf('RIFF')))

/** No key terms: what this API has of them is of another model. */
function optionsOfForm(form: Buffer): ReceivedOptions {
  const language = /name="language_code"\r\n\r\n([^\r]*)/.exec(form.toString('latin1'))?.[1]
  return { of: 'request', language, format: wavIn(form).format }
}

function optionsOfQuery(query: URLSearchParams): ReceivedOptions {
  const [name, rate] = (query.get('audio_format') ?? '').split('_')
  return {
    of: 'session',
    hints: query.getAll('keyterms'),
    language: query.get('language_code') ?? undefined,
    format: { encoding: name === 'ulaw' ? 'mulaw' : 'linear16', sampleRateHz: Number(rate) },
  }
}

function audioOf({ messages }: LoopbackPeer): Uint8Array {
  return Buffer.concat(messages.map(({ audio_base_64 }) => Buffer.from(audio_base_64 ?? '', 'base64')))
}
