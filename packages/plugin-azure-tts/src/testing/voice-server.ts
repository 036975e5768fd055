import { openSocketServer, type SocketServer } from '@kav/azure-speech/testing'
import { playVoice } from './play-voice.ts'
import type { HeardConnection, HeardUtterance, VoiceScript } from './voice-script.ts'

const PATH = '/tts/cognitiveservices/websocket/v1'

export interface VoiceServerOptions {
  /** Chooses how a connection behaves. Default: speaks. */
  readonly script?: (connection: HeardConnection) => VoiceScript
  /** Where to listen; 0 is any free port. */
  readonly port?: number
}

/** A speech synthesis service of our own on 127.0.0.1: the real protocol, a voice that hums. */
export interface VoiceServer extends SocketServer {
  /** Every connection and every refused attempt, in order. */
  readonly connections: readonly HeardConnection[]
  readonly utterances: readonly HeardUtterance[]
}

export async function openVoiceServer(options: VoiceServerOptions = {}): Promise<VoiceServer> {
  const connections: HeardConnection[] = []
  const utterances: HeardUtterance[] = []
  const server = await openSocketServer({
    who: 'voice server',
    port: options.port,
    onUpgrade({ request, socket, accept, refuse }, changed) {
      const { pathname } = new URL(request.url ?? '/', 'http://loopback')
      const heard: HeardConnection = {
        index: connections.length,
        path: pathname,
        headers: request.headers,
        state: 'refused',
      }
      connections.push(heard)
      const script = options.script?.(heard) ?? {}
      const refusal = pathname === PATH ? script.refuse : 404
      if (refusal === undefined) {
        accept((webSocket) => {
          heard.state = 'open'
          playVoice(webSocket, socket, heard, script, utterances, changed)
        })
      } else refuse(refusal)
      changed()
    },
  })
  return Object.assign(server, { connections, utterances })
}
