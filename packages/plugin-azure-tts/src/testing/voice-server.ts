import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
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
export interface VoiceServer {
  readonly port: number
  /** `ws://127.0.0.1:PORT`, for `tts.params.host`. */
  readonly host: string
  /** Every connection and every refused attempt, in order. */
  readonly connections: readonly HeardConnection[]
  readonly utterances: readonly HeardUtterance[]
  /** Connections that are up now. */
  readonly openSockets: number
  /** Resolves as soon as `condition` holds; checked whenever something happens. Rejects after `timeoutMs`. */
  until(condition: () => boolean, timeoutMs?: number): Promise<void>
  close(): Promise<void>
}

export async function openVoiceServer(options: VoiceServerOptions = {}): Promise<VoiceServer> {
  const connections: HeardConnection[] = []
  const utterances: HeardUtterance[] = []
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
    const { pathname } = new URL(request.url ?? '/', 'http://loopback')
    const heard: HeardConnection = {
      index: connections.length,
      path: pathname,
      headers: request.headers,
      state: 'refused',
    }
    connections.push(heard)
    const script = options.script?.(heard) ?? {}
    const refuse = pathname === PATH ? script.refuse : 404
    if (refuse === undefined) {
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        heard.state = 'open'
        playVoice(webSocket, socket, heard, script, utterances, changed)
      })
    } else if (refuse === 'reset') socket.resetAndDestroy()
    else if (refuse === 'hang') socket.resume().on('end', () => socket.destroy())
    else socket.end(`HTTP/1.1 ${refuse} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
    changed()
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    port,
    host: `ws://127.0.0.1:${port}`,
    connections,
    utterances,
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
          reject(new Error(`voice server: not so within ${timeoutMs} ms: ${condition.toString()}`))
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
