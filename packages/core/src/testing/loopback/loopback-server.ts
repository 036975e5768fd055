import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createChangeWatch } from '../change-watch.ts'
import { type HttpScript, type LoopbackRequest, readHttpExchange } from './http-exchange.ts'
import { createLoopbackPeer } from './create-loopback-peer.ts'
import type { LoopbackPeer } from './loopback-peer.ts'

/** An upgrade that waits for its answer. A script that does nothing with it never answers. */
export interface LoopbackUpgrade {
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  accept(): LoopbackPeer
  /** Answers with HTTP instead, as a service does that refuses a key. */
  refuse(status: number, body?: unknown, headers?: Readonly<Record<string, string>>): void
  /** Cuts the TCP connection. */
  cut(): void
}

/** Plays the server's side of one WebSocket. */
export type SocketScript = (upgrade: LoopbackUpgrade) => void

/** A service on this machine, HTTP and WebSockets on one port: records what it is asked, answers as it is told. */
export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`, and the same as `ws://`. */
  readonly httpUrl: string
  readonly wsUrl: string
  readonly requests: readonly LoopbackRequest[]
  /** WebSockets in the order they came. */
  readonly peers: readonly LoopbackPeer[]
  /** Answers every request to `path` that no `nextHttp` is waiting for; what has no script is answered with 404. */
  onHttp(path: string, script: HttpScript): void
  /** Answers the next request to `path` once; called again, the one after it. */
  nextHttp(path: string, script: HttpScript): void
  onSocket(path: string, script: SocketScript): void
  nextSocket(path: string, script: SocketScript): void
  /** Resolves with request or WebSocket number `index`, now or when it comes. */
  request(index?: number): Promise<LoopbackRequest>
  peer(index?: number): Promise<LoopbackPeer>
  /** Cuts every connection. */
  close(): Promise<void>
}

/**
 * `fetch` opens a connection in the place of one that it cut, and where it has nothing to ask keeps it for four seconds,
 * in which it counts as left open. Such a one is closed sooner.
 */
const REPLACED_WITHIN_MS = 200
const UNUSED_MS = 1000

/** Opens one on 127.0.0.1, on a free port unless one is named. */
export async function openLoopbackServer({
  port = 0,
}: { readonly port?: number } = {}): Promise<LoopbackServer> {
  const { WebSocketServer } = await import('ws')
  const http = createScripts<HttpScript>()
  const sockets = createScripts<SocketScript>()
  const requests: LoopbackRequest[] = []
  const peers: LoopbackPeer[] = []
  const watch = createChangeWatch('loopback server')
  /** Open ones, numbered as they came. */
  const connections = new Map<Socket, number>()
  let connected = 0
  let abandonedAt = -Infinity

  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const exchange = await readHttpExchange(request, response, {
        connection: connections.get(request.socket) ?? -1,
      })
      requests.push(exchange.request)
      void exchange.request.abandoned.then(() => (abandonedAt = performance.now()))
      watch.changed()
      await (http.take(exchange.request.path) ?? notThere)(exchange)
    }
    // A client that goes away in the middle of its request is none of our business.
    answer().catch(() => response.destroy())
  })
  // `fetch` obeys what is announced here, and a connection that it keeps counts as left open.
  server.keepAliveTimeout = 2_000
  server.on('connection', (socket) => {
    connections.set(socket, connected++)
    socket.on('close', () => connections.delete(socket)).on('error', () => undefined)
    if (performance.now() - abandonedAt < REPLACED_WITHIN_MS) closeUnused(socket)
  })

  const upgrader = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  server.on('upgrade', (request, stream, head) => {
    const url = new URL(request.url ?? '/', 'ws://loopback')
    const script = sockets.take(url.pathname) ?? ((upgrade) => upgrade.refuse(404))
    script({
      url,
      headers: request.headers,
      accept() {
        let peer: LoopbackPeer | undefined
        // Called back at once.
        upgrader.handleUpgrade(
          request,
          stream,
          head,
          (socket) => (peer = createLoopbackPeer(socket, request)),
        )
        peers.push(peer!)
        watch.changed()
        return peer!
      },
      refuse: (status, body, headers) => refuse(stream, status, body, headers),
      cut: () => void stream.destroy(),
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    httpUrl: `http://${place}`,
    wsUrl: `ws://${place}`,
    requests,
    peers,
    onHttp: http.always,
    nextHttp: http.next,
    onSocket: sockets.always,
    nextSocket: sockets.next,
    async request(index = 0) {
      await watch.until(() => requests.length > index)
      return requests[index]!
    },
    async peer(index = 0) {
      await watch.until(() => peers.length > index)
      return peers[index]!
    },
    async close() {
      for (const socket of connections.keys()) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Scripts by path: those for once, in order, and the one that stays. */
function createScripts<Script>() {
  const once = new Map<string, Script[]>()
  const standing = new Map<string, Script>()
  return {
    always: (path: string, script: Script): void => void standing.set(path, script),
    next: (path: string, script: Script): void => void once.set(path, [...(once.get(path) ?? []), script]),
    take: (path: string): Script | undefined => once.get(path)?.shift() ?? standing.get(path),
  }
}

function closeUnused(socket: Socket): void {
  // What came meanwhile, as the process was busy, is read first.
  const close = (): void => void setImmediate(() => socket.bytesRead === 0 && socket.destroy())
  const timer = setTimeout(close, UNUSED_MS).unref()
  socket.once('close', () => clearTimeout(timer))
}

const notThere: HttpScript = ({ json }) => json(404, { message: 'no such path' })

function refuse(
  stream: Duplex,
  status: number,
  body: unknown = { message: 'refused' },
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const lines = [
    `HTTP/1.1 ${status} Refused`,
    ...Object.entries({
      'content-type': 'application/json',
      connection: 'close',
      'content-length': String(Buffer.byteLength(text)),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`),
  ]
  stream.end(`${lines.join('\r\n')}\r\n\r\n${text}`)
}
