import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type {
  CallPlace,
  CallRefusal,
  HttpRequest,
  HttpResponse,
  OfferedCall,
  TransportCall,
  TransportHost,
  UnreachedCall,
} from '../../../contracts/index.ts'

/** A host with a real HTTP server on a free port of 127.0.0.1: what a transport is attached to. */
export interface ContractHost {
  readonly host: TransportHost
  /** `http://127.0.0.1:port` */
  readonly url: string
  /** What happens with a call; set before one is dialled. */
  onCall: (call: TransportCall) => void
  /** What `admit` says; room for everyone when absent. */
  refusal: CallRefusal | undefined
  /** Calls that a place was asked for, in order. */
  readonly offered: readonly OfferedCall[]
  /** Calls that were placed and are over, as the transport tells it. */
  readonly placedOver: readonly UnreachedCall[]
  /** Places that were given and neither taken by a call nor given up. */
  readonly promised: number
  close(): Promise<void>
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

export async function openContractHost(): Promise<ContractHost> {
  const routes = new Map<string, (request: HttpRequest) => Promise<HttpResponse>>()
  const upgrades = new Map<string, (request: IncomingMessage, socket: Duplex, head: Buffer) => void>()
  const pathOf = (request: IncomingMessage) => (request.url ?? '/').split('?')[0] ?? '/'

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const handler = routes.get(`${request.method} ${pathOf(request)}`)
    const answer =
      handler === undefined
        ? { status: 404 }
        : await handler({
            method: request.method ?? 'GET',
            path: pathOf(request),
            url: request.url ?? '/',
            headers: request.headers,
            body: await bodyOf(request),
            remoteAddress: request.socket.remoteAddress ?? '',
          })
    response.writeHead(answer.status, { ...answer.headers })
    response.end(answer.body)
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.writeHead(500)
      response.end(String(error))
    })
  })
  server.on('upgrade', (request, socket, head) => {
    const handler = upgrades.get(pathOf(request))
    if (handler === undefined) socket.destroy()
    else handler(request, socket, head)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const promised = new Set<CallPlace>()
  const offered: OfferedCall[] = []
  const placedOver: UnreachedCall[] = []
  const seen = new Set<string>()
  const promise = (call: OfferedCall): CallPlace => {
    offered.push(call)
    const place = { release: () => void promised.delete(place) }
    promised.add(place)
    return place
  }
  const contractHost: ContractHost = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onCall: () => {},
    refusal: undefined,
    offered,
    placedOver,
    get promised() {
      return promised.size
    },
    host: {
      route(method, path, handler) {
        const key = `${method} ${path}`
        if (routes.has(key)) throw new Error(`two routes on ${key}`)
        routes.set(key, handler)
      },
      upgrade(path, handler) {
        if (upgrades.has(path)) throw new Error(`two upgrade routes on ${path}`)
        upgrades.set(path, handler)
      },
      ownPath: (path) => path,
      // As where several processes are asked.
      admit: async (call) => contractHost.refusal ?? promise(call),
      once: async (key) => seen.size < seen.add(key).size,
      admitPromised: promise,
      onPlacedOver: (call) => void placedOver.push(call),
      onUnproven: () => undefined,
      onCall(call, place) {
        promised.delete(place)
        contractHost.onCall(call)
      },
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return contractHost
}
