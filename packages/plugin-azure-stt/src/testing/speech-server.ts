import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
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
export interface SpeechServer {
  readonly port: number
  /** `ws://127.0.0.1:PORT`, for `stt.params.host`. */
  readonly host: string
  /** Every connection and every refused attempt, in order. */
  readonly connections: readonly HeardConnection[]
  /** Connections that are up now. */
  readonly openSockets: number
  /** Resolves as soon as `condition` holds; checked whenever something is heard. Rejects after `timeoutMs`. */
  until(condition: () => boolean, timeoutMs?: number): Promise<void>
  close(): Promise<void>
}

export async function openSpeechServer(options: SpeechServerOptions = {}): Promise<SpeechServer> {
  const connections: HeardConnection[] = []
  const sockets = new Set<Socket>()
  const waiting = new Set<() => void>()
  const changed = (): void => {
    for (const check of waiting) check()
  }
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  const server = createServer((_request, response) => response.writeHead(404).end())
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      changed()
    })
  })
  server.on('upgrade', (request, duplex, head) => {
    const socket = duplex as Socket
    const heard = noteConnection(request, connections.length)
    connections.push(heard)
    const script = options.script?.(heard) ?? {}
    const refuse = PATH.test(heard.path) ? script.refuse : 404
    if (refuse !== undefined) {
      refuseUpgrade(socket, refuse)
      return changed()
    }
    const accept = (): void => {
      if (socket.destroyed) return
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        heard.state = 'open'
        playConnection(webSocket, socket, heard, script, {
          keepAudio: options.keepAudio ?? true,
          changed,
        })
        changed()
      })
    }
    if (script.acceptAfterMs === undefined) accept()
    else setTimeout(accept, script.acceptAfterMs).unref()
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    port,
    host: `ws://127.0.0.1:${port}`,
    connections,
    get openSockets() {
      return sockets.size
    },
    until(condition, timeoutMs = 5000) {
      return new Promise((resolve, reject) => {
        const check = (): void => {
          if (!condition()) return
          clearTimeout(timer)
          waiting.delete(check)
          resolve()
        }
        const timer = setTimeout(() => {
          waiting.delete(check)
          reject(new Error(`speech server: not so within ${timeoutMs} ms: ${condition.toString()}`))
        }, timeoutMs)
        waiting.add(check)
        check()
      })
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
      })
    },
  }
}

function refuseUpgrade(socket: Socket, refuse: number | 'reset' | 'hang'): void {
  if (refuse === 'reset') socket.resetAndDestroy()
  else if (refuse === 'hang') socket.resume().on('end', () => socket.destroy())
  else {
    socket.end(`HTTP/1.1 ${refuse} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
  }
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
