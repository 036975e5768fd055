import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type HttpRequest, type HttpResponse, type Logger, messageOf } from '@kav/core'
import { createUpgradeDoor, type UpgradeHandler } from './upgrade-door.ts'

type RouteHandler = (request: HttpRequest) => Promise<HttpResponse>

/** The process's one port: HTTP routes and WebSocket upgrades. */
export interface HttpHost {
  route(method: 'GET' | 'POST', path: string, handler: RouteHandler): void
  upgrade(path: string, handler: UpgradeHandler): void
  /** Resolves with the port once it is open. */
  listen(port: number, hostname?: string): Promise<number>
  /** Takes no new connection and ends those that are open. */
  close(): Promise<void>
}

/** A webhook's form takes a few KB. */
const MAX_BODY_BYTES = 256 * 1024
const REQUEST_LIMIT_MS = 15_000

export function createHttpHost(log: Logger): HttpHost {
  const routes = new Map<string, RouteHandler>()
  const upgrades = new Map<string, UpgradeHandler>()
  const server = createServer((request, response) => void answer(request, response))
  server.requestTimeout = REQUEST_LIMIT_MS
  server.headersTimeout = REQUEST_LIMIT_MS
  const door = createUpgradeDoor(log)
  server.on('upgrade', (request, socket, head) =>
    door.receive(upgrades.get(pathOf(request)), request, socket, head),
  )

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request)
    const handler = routes.get(`${request.method} ${path}`)
    try {
      if (!handler) return reply(response, { status: knownPath(path) ? 405 : 404, body: 'not found\n' })
      const body = await readBody(request)
      if (body === undefined) return reply(response, { status: 413, body: 'body too large\n' })
      reply(
        response,
        await handler({
          method: request.method ?? '',
          path,
          url: request.url ?? '/',
          headers: request.headers,
          body,
          remoteAddress: request.socket.remoteAddress ?? '',
        }),
      )
    } catch (error) {
      log.error({ path, error: messageOf(error) }, 'HTTP: a request failed')
      reply(response, { status: 500, body: 'internal error\n' })
    }
  }

  function knownPath(path: string): boolean {
    return routes.has(`GET ${path}`) || routes.has(`POST ${path}`)
  }

  function add<T>(map: Map<string, T>, key: string, value: T): void {
    if (map.has(key)) throw new Error(`two handlers for ${key}; give one of them another path`)
    map.set(key, value)
  }

  return {
    route: (method, path, handler) => add(routes, `${method} ${path}`, handler),
    upgrade: (path, handler) => add(upgrades, path, handler),
    async listen(port, hostname) {
      const bound = await listen(server, port, hostname)
      // A connection that cannot be accepted (no file descriptors left) is no reason to end the other calls.
      server.on('error', (error) => log.error({ error: messageOf(error) }, 'HTTP: the port failed'))
      return bound
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        door.close()
      }),
  }
}

function listen(server: Server, port: number, hostname: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, hostname, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/'
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MAX_BODY_BYTES) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function reply(response: ServerResponse, answer: HttpResponse): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(answer.status, { 'content-type': 'text/plain; charset=utf-8', ...answer.headers })
  response.end(answer.body ?? '')
}
