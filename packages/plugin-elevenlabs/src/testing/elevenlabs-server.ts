import {
  type HttpScript,
  type LoopbackServer,
  openLoopbackServer,
  type SocketScript,
} from '@kav/core/testing'
import { MULAW_8K, readWav, sameFormat } from '@kav/core'
import { scribeListener } from './scribe-listener.ts'
import { type Failure, speakByRequest, speakBySocket, speakWithTimes } from './speakers.ts'

/** An ElevenLabs on this machine, written from its documents and SDK: one voice, live and single recognition, models. */
export interface ElevenlabsServer extends LoopbackServer {
  /** For `base_url`. */
  readonly baseUrl: string
  /** The audio of the latest session or request. */
  received(): Uint8Array
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

  const speech = `/v1/text-to-speech/${voice}`
  server.onSocket(
    `${speech}/stream-input`,
    guarded((upgrade) => speakBySocket(upgrade.accept(), failure)),
  )
  server.onHttp(
    `${speech}/stream`,
    guardedHttp((exchange) => speakByRequest(exchange, failure)),
  )
  server.onHttp(
    `${speech}/stream/with-timestamps`,
    guardedHttp((exchange) => speakWithTimes(exchange, failure)),
  )
  server.onSocket(
    '/v1/speech-to-text/realtime',
    guarded((upgrade) => scribeListener(upgrade.accept(), said)),
  )
  server.onHttp(
    '/v1/speech-to-text',
    guardedHttp(({ json }) => json(200, { language_code: 'en', text: said[0], words: [] })),
  )
  server.onHttp(
    '/v1/models',
    guardedHttp(({ json }) => json(200, [{ model_id: 'eleven_flash_v2_5', can_do_text_to_speech: true }])),
  )
  server.onHttp(
    `/v1/voices/${voice}`,
    guardedHttp(({ json }) => json(200, { voice_id: voice, name: 'Anna' })),
  )

  let requestsSeen = 0
  return {
    ...server,
    baseUrl: server.httpUrl,
    received() {
      const requests = server.requests.filter(({ path }) => path === '/v1/speech-to-text')
      if (requests.length === requestsSeen) return heardBy(server)
      requestsSeen = requests.length
      const { body } = requests.at(-1)!
      const wav = readWav(body.subarray(body.indexOf('RIFF')))
      return sameFormat(wav.format, MULAW_8K) ? wav.audio : new Uint8Array()
    },
  }
}

function heardBy({ peers }: LoopbackServer): Uint8Array {
  const chunks = (peers.at(-1)?.messages ?? []).map(({ audio_base_64 }) =>
    Buffer.from(audio_base_64 ?? '', 'base64'),
  )
  return Buffer.concat(chunks)
}
