import {
  type HttpScript,
  type LoopbackPeer,
  type LoopbackServer,
  openLoopbackServer,
  type SocketScript,
} from '@kav/core/testing'
import { fluxListener, novaListener, transcript } from './listeners.ts'
import { type Failure, type Said, speakByRequest, speakBySocket } from './speakers.ts'

/** A Deepgram on this machine, written from its documents: `/v1/listen`, `/v2/listen`, `/v1/speak`, models. */
export interface DeepgramServer extends LoopbackServer {
  /** For `base_url`. */
  readonly baseUrl: string
  /** The audio of the latest session or request. */
  received(): Uint8Array
  /** Which of both that is, and its query. */
  readonly latest: { readonly of: 'session' | 'request'; readonly query: URLSearchParams } | undefined
  /** What it was given to say so far, and what it said. */
  readonly said: Readonly<Said>
}

export interface DeepgramServerOptions {
  /** What callers say, one text for each utterance; the last one again and again. */
  readonly said?: readonly string[]
  /** The one key it takes. */
  readonly key?: string
  /** What becomes of all that it says. */
  readonly failure?: Failure
}

/** What Deepgram answers with to a key that is none (developers.deepgram.com/docs/errors). */
const INVALID_AUTH = { err_code: 'INVALID_AUTH', err_msg: 'Invalid credentials.', request_id: 'loopback' }

export async function openDeepgramServer(options: DeepgramServerOptions = {}): Promise<DeepgramServer> {
  const { said = ['the quick brown fox'], key = 'good-key', failure } = options
  const server = await openLoopbackServer()
  const isLetIn = (headers: { authorization?: string | undefined }): boolean =>
    headers.authorization === `Token ${key}`

  const guarded =
    (script: SocketScript): SocketScript =>
    (upgrade) =>
      isLetIn(upgrade.headers) ? script(upgrade) : upgrade.refuse(401, INVALID_AUTH)
  const guardedHttp =
    (script: HttpScript): HttpScript =>
    (exchange) =>
      isLetIn(exchange.request.headers) ? script(exchange) : exchange.json(401, INVALID_AUTH)

  const spoken: Said = { texts: 0, pieces: [] }
  let latest: (NonNullable<DeepgramServer['latest']> & { readonly bytes: () => Uint8Array }) | undefined
  const session = (peer: LoopbackPeer): LoopbackPeer => {
    latest = { of: 'session', query: peer.url.searchParams, bytes: peer.bytes }
    return peer
  }
  server.onSocket(
    '/v1/listen',
    guarded((upgrade) => novaListener(session(upgrade.accept()), said)),
  )
  server.onSocket(
    '/v2/listen',
    guarded((upgrade) => fluxListener(session(upgrade.accept()), said)),
  )
  server.onSocket(
    '/v1/speak',
    guarded((upgrade) => speakBySocket(upgrade.accept(), spoken, failure)),
  )
  server.onHttp(
    '/v1/listen',
    guardedHttp((exchange) => {
      const { query, body } = exchange.request
      latest = { of: 'request', query, bytes: () => body }
      return transcript(said[0]!)(exchange)
    }),
  )
  server.onHttp(
    '/v1/speak',
    guardedHttp((exchange) => speakByRequest(exchange, spoken, failure)),
  )
  server.onHttp(
    '/v1/projects',
    guardedHttp(({ json }) => json(200, { projects: [] })),
  )
  server.onHttp(
    '/v1/models',
    guardedHttp(({ json }) => json(200, MODELS)),
  )

  return {
    ...server,
    baseUrl: server.httpUrl,
    received: () => latest?.bytes() ?? new Uint8Array(),
    get latest() {
      return latest
    },
    said: spoken,
  }
}

const MODELS = {
  stt: [
    { name: 'general', canonical_name: 'nova-3-general', architecture: 'nova-3', languages: ['en'] },
    { name: 'phonecall', canonical_name: 'nova-2-phonecall', architecture: 'nova-2', languages: ['en'] },
  ],
  tts: [{ name: 'thalia', canonical_name: 'aura-2-thalia-en', architecture: 'aura-2', languages: ['en'] }],
}
