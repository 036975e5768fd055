import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type {
  CallPlace,
  CallRefusal,
  HttpRequest,
  HttpResponse,
  OfferedCall,
  TransportCall,
  TransportHost,
  UnreachedCall,
} from '@kav/core'

/** The least a process does for a transport: one port, routes, upgrades, and a list of the calls that came. */
export interface LoopbackHost {
  readonly host: TransportHost
  readonly origin: string
  readonly calls: readonly TransportCall[]
  /** Connections that are open now. */
  openSockets(): number
  /** Places that were given, and neither taken by a call nor given up. */
  readonly promised: number
  /** What was told of the ends of placed calls. */
  readonly over: readonly UnreachedCall[]
  /** Calls that were turned away since nothing proved them. */
  readonly unproven: readonly OfferedCall[]
  /** Calls that `admit` was asked about. */
  readonly offered: readonly OfferedCall[]
  /** What `admit` answers from here on. */
  refuse(refusal: CallRefusal): void
  /** From here on `admit` answers when what is returned is called: others are asked. */
  answerLater(): () => void
  close(): Promise<void>
}

type Route = (request: HttpRequest) => Promise<HttpResponse>

/** Remembers for good. */
export function onceOnly(): TransportHost['once'] {
  const seen = new Set<string>()
  return (key) => seen.size < seen.add(key).size
}

type Upgrade = Parameters<TransportHost['upgrade']>[1]

export async function openLoopbackHost(onCall: (call: TransportCall) => void): Promise<LoopbackHost> {
  const routes = new Map<string, Route>()
  const upgrades = new Map<string, Upgrade>()
  const calls: TransportCall[] = []
  const sockets = new Set<Socket>()
  const promised = new Set<CallPlace>()
  const offered: OfferedCall[] = []
  const over: UnreachedCall[] = []
  const unproven: OfferedCall[] = []
  let refusal: CallRefusal | undefined
  let later: Promise<void> | undefined
  const answer = (): CallPlace | CallRefusal => {
    if (refusal !== undefined) return refusal
    const place: CallPlace = { release: () => void promised.delete(place) }
    promised.add(place)
    return place
  }
  const server = createServer((request, response) => void respond(routes, request, response))
  server.on('upgrade', (request, socket, head) => {
    const upgrade = upgrades.get(pathOf(request))
    if (upgrade === undefined) socket.destroy()
    else upgrade(request, socket, head)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: {
      route(method, path, handler) {
        if (routes.has(`${method} ${path}`)) throw new Error(`${method} ${path} twice`)
        routes.set(`${method} ${path}`, handler)
      },
      upgrade: (path, handler) => void upgrades.set(path, handler),
      ownPath: (path) => path,
      once: onceOnly(),
      admit(call) {
        offered.push(call)
        return later === undefined ? answer() : later.then(answer)
      },
      admitPromised: () => ({ release: () => undefined }),
      onPlacedOver: (call) => void over.push(call),
      onUnproven: (call) => void unproven.push(call),
      onCall(call, place) {
        promised.delete(place)
        calls.push(call)
        onCall(call)
      },
    },
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    over,
    unproven,
    openSockets: () => sockets.size,
    get promised() {
      return promised.size
    },
    offered,
    refuse: (how) => void (refusal = how),
    answerLater() {
      let now = (): void => undefined
      later = new Promise((resolve) => (now = resolve))
      return now
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0] ?? ''
}

async function respond(
  routes: ReadonlyMap<string, Route>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const route = routes.get(`${request.method} ${pathOf(request)}`)
  if (route === undefined) return void response.writeHead(404).end()
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const answer = await route({
    method: request.method ?? '',
    path: pathOf(request),
    url: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(chunks),
    remoteAddress: request.socket.remoteAddress ?? '',
  })
  response.writeHead(answer.status, { ...answer.headers, connection: 'close' }).end(answer.body)
}
