import type { IncomingMessage } from 'node:http'
import { openSocketServer, type SocketServer } from '@kav/azure-speech/testing'
import type { HeardConnection } from './heard-connection.ts'
import { playConnection } from './play-connection.ts'
import type { RecognitionScript } from './recognition-script.ts'

/** The service's paths, behind an optional `/REGION`: by host, by region (version 2), and one utterance. */
const PATH =
  /^(?:\/([a-z0-9-]+))?(\/speech\/recognition\/(?:conversation|interactive|dictation)\/cognitiveservices\/v1|\/stt\/speech\/universal\/v2)$/

export interface SpeechServerOptions {
  /** Chooses how a connection behaves. Default: accepts, hears, says nothing. */
  readonly script?: (connection: HeardConnection) => RecognitionScript
  /** Default `true`. `false` for long runs. */
  readonly keepAudio?: boolean
  /** Where to listen; 0 is any free port. */
  readonly port?: number
}

/** A Speech service of our own on 127.0.0.1: the real protocol, saying what a script says. */
export interface SpeechServer extends SocketServer {
  /** Every connection and every refused attempt, in order. */
  readonly connections: readonly HeardConnection[]
}

export async function openSpeechServer(options: SpeechServerOptions = {}): Promise<SpeechServer> {
  const connections: HeardConnection[] = []
  const server = await openSocketServer({
    who: 'speech server',
    port: options.port,
    onUpgrade({ request, socket, accept, refuse }, changed) {
      const heard = noteConnection(request, connections.length)
      connections.push(heard)
      const script = options.script?.(heard) ?? {}
      const refusal = PATH.test(heard.path) ? script.refuse : 404
      if (refusal !== undefined) {
        refuse(refusal)
        return changed()
      }
      const start = (): void => {
        accept((webSocket) => {
          heard.state = 'open'
          playConnection(webSocket, socket, heard, script, {
            keepAudio: options.keepAudio ?? true,
            changed,
          })
          changed()
        })
      }
      if (script.acceptAfterMs === undefined) start()
      else setTimeout(start, script.acceptAfterMs).unref()
    },
  })
  return Object.assign(server, { connections })
}

function noteConnection(request: IncomingMessage, index: number): HeardConnection {
  const url = new URL(request.url ?? '/', 'http://loopback')
  const query = Object.fromEntries(url.searchParams)
  return {
    index,
    id: String(request.headers['x-connectionid'] ?? query['X-ConnectionId'] ?? ''),
    region: PATH.exec(url.pathname)?.[1] ?? '',
    path: url.pathname,
    query,
    headers: request.headers,
    turns: [],
    state: 'refused',
    audioMessages: 0,
    largestAudioBytes: 0,
  }
}
