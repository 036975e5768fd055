import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type HttpScript, type LoopbackRequest, readHttpExchange } from '@kav/core/testing'
import { WebSocketServer } from 'ws'
import { anySpeech, chatText, refusal, transcript } from './http-scripts.ts'
import { openRealtimePeer, type RealtimePeer, type RealtimeScript } from './realtime-peer.ts'

/** An OpenAI-shaped server on this machine: records what it is asked, answers as it is told. */
export interface LoopbackOpenai {
  /** For `base_url`. */
  readonly baseUrl: string
  readonly requests: readonly LoopbackRequest[]
  /** Realtime connections in the order they came. */
  readonly peers: readonly RealtimePeer[]
  /** Answers the next request to `path` (`/chat/completions`) once; called again, the one after it. */
  next(path: string, script: HttpScript): void
  /** Answers every request to `path` that no `next` is waiting for. */
  always(path: string, script: HttpScript): void
  /** Plays the server's side of Realtime connections; `nextRealtime` for one connection. */
  alwaysRealtime(script: RealtimeScript): void
  nextRealtime(script: RealtimeScript): void
  /** Refuses the next Realtime upgrade with an HTTP answer. */
  refuseRealtime(status: number, error: Readonly<Record<string, unknown>>): void
  /** Resolves with request `index` to `path`, now or when it comes. */
  request(path: string, index?: number): Promise<LoopbackRequest>
  /** Resolves with Realtime connection `index`, now or when it comes. */
  peer(index?: number): Promise<RealtimePeer>
  close(): Promise<void>
}

const ROOT = '/v1'

export async function openLoopbackOpenai(): Promise<LoopbackOpenai> {
  const queued = new Map<string, HttpScript[]>()
  const standing = new Map<string, HttpScript>([
    ['/chat/completions', chatText(['Hello', ' there.'])],
    ['/audio/speech', anySpeech],
    ['/audio/transcriptions', transcript('hello')],
  ])
  const requests: LoopbackRequest[] = []
  const peers: RealtimePeer[] = []
  const realtimeQueue: RealtimeScript[] = []
  const refusals: { status: number; body: string }[] = []
  let standingRealtime: RealtimeScript = () => undefined
  let wake: (() => void)[] = []

  const changed = () => {
    const waiting = wake
    wake = []
    for (const resolve of waiting) resolve()
  }
  const until = async <T>(find: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = find()
      if (found !== undefined) return found
      await new Promise<void>((resolve) => wake.push(resolve))
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const connection = sockets.get(request.socket) ?? -1
    const exchange = await readHttpExchange(request, response, { root: ROOT, connection })
    const { path } = exchange.request
    requests.push(exchange.request)
    changed()
    const script =
      queued.get(path)?.shift() ?? standing.get(path) ?? (path.startsWith('/models') ? models : unknown)
    await script(exchange)
  }

  const { server, sockets } = createHttpServer(answer)
  const realtime = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  server.on('upgrade', (request, socket, head) => {
    const refused = refusals.shift()
    if (refused) return refuseUpgrade(socket, refused)
    realtime.handleUpgrade(request, socket, head, (webSocket) => {
      const peer = openRealtimePeer(webSocket, request)
      peers.push(peer)
      ;(realtimeQueue.shift() ?? standingRealtime)(peer)
      changed()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${ROOT}`,
    requests,
    peers,
    next(path, script) {
      queued.set(path, [...(queued.get(path) ?? []), script])
    },
    always: (path, script) => void standing.set(path, script),
    alwaysRealtime(script) {
      standingRealtime = script
    },
    nextRealtime: (script) => void realtimeQueue.push(script),
    refuseRealtime: (status, error) => void refusals.push({ status, body: JSON.stringify({ error }) }),
    request: (path, index = 0) => until(() => requests.filter((request) => request.path === path)[index]),
    peer: (index = 0) => until(() => peers[index]),
    async close() {
      for (const socket of sockets.keys()) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An HTTP server that numbers its connections. */
function createHttpServer(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>): {
  readonly server: Server
  readonly sockets: ReadonlyMap<Socket, number>
} {
  const sockets = new Map<Socket, number>()
  let connections = 0
  const server = createServer((request, response) => {
    // A client that goes away in the middle of its request is none of our business.
    answer(request, response).catch(() => response.destroy())
  })
  // Node would announce 5 s, and the client would obey.
  server.keepAliveTimeout = 120_000
  server.on('connection', (socket) => {
    sockets.set(socket, connections++)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  return { server, sockets }
}

function refuseUpgrade(socket: Duplex, { status, body }: { status: number; body: string }): void {
  const lines = [
    `HTTP/1.1 ${status} Refused`,
    'content-type: application/json',
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

const models: HttpScript = ({ json, request }) =>
  json(200, { id: request.path.slice('/models/'.length), object: 'model', owned_by: 'loopback' })

const unknown: HttpScript = refusal(404, { message: 'Invalid URL', type: 'invalid_request_error' })
