import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type Clock,
  type HttpRequest,
  type HttpResponse,
  type Logger,
  messageOf,
  type Metrics,
} from '@kav/core'
import { limitLog } from '@kav/core/kit'
import { createLateUpgrades } from './http/late-upgrades.ts'
import { evictIdle } from './http/idle-eviction.ts'
import { meantPath } from './http/meant-path.ts'
import { answerHttpUpgrades } from './http/http-upgrades.ts'
import { readBody } from './http/request-body.ts'
import { limitRequests } from './http/request-queue.ts'
import { type RouteHandler, routeOf, RouteTable, upgradeOf } from './http/route-table.ts'
import { isOperators } from './own-paths.ts'
import { callsWithin, openFilesAllowed } from './process/open-files.ts'
import { systemClock } from './system-clock.ts'
import { createUpgradeDoor, type UpgradeHandler } from './http/upgrade-door.ts'

/** What answers on a port: its owner's routes, and those of whoever is lent it. */
export interface CallsPort {
  /** From the next request on, these tables answer beside the owner's own routes, and none that did before. */
  serve(tables: readonly RouteTable[]): void
  /** See `TransportHost.ownPath`. */
  ownPath(path: string): string
}

/** What answers some paths of a port in its own way: with streams, files, methods of its own. */
export interface MountedSite {
  /** Whether a path is its own; it is asked where no route is. */
  takes(path: string): boolean
  /** Reads the body where it wants one, and writes the answer. A rejection is answered with 500. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>
  readonly upgrade: UpgradeHandler
}

/** One port of the process: HTTP routes and WebSocket upgrades. */
export interface HttpHost extends CallsPort {
  /** Adds a route of the process's own. */
  route(method: 'GET' | 'POST', path: string, handler: RouteHandler): void
  /** Paths that it takes are its own from the next request on; of several that take one, it is the first one's. */
  mount(site: MountedSite): void
  /** Resolves with the port once it is open. */
  listen(port: number, hostname?: string): Promise<number>
  /** Takes no new connection and ends those that are open. */
  close(): Promise<void>
}

export interface HttpLimits {
  /** Default: what the process has open files for, 5000 at most. Those beyond are closed at once, and counted. */
  readonly maxConnections?: number
  /** Default 15 s, for the head of a request and for all of it. */
  readonly requestLimitMs?: number
  /** Ends connections that ask nothing before there is no room for one that does. */
  readonly evictIdle?: boolean
}

const REQUEST_LIMIT_MS = 15_000
/** How often it is looked for requests that take longer. */
const LOOK_MS = 1000
/** The carrier adds some twenty; more are not looked at. */
const MAX_HEADERS = 100
/** Calls, webhooks and health checks of one process stay far below. */
const MAX_CONNECTIONS = 5000
/** Where the limit of open files is so low that no call has room, its carrier and a balancer are heard all the same. */
const LEAST_CONNECTIONS = 8
const MAX_LOGGED_CHARACTERS = 100

/** @param log for what a stranger causes, too: it is limited here. */
export function createHttpHost(
  log: Logger,
  metrics: Metrics = NO_METRICS,
  clock: Clock = systemClock,
  limits: HttpLimits = {},
): HttpHost {
  const own = new RouteTable()
  let tables: readonly RouteTable[] = [own]
  const sites: MountedSite[] = []
  const siteOf = (path: string): MountedSite | undefined => sites.find((site) => site.takes(path))
  const limitedLog = limitLog({ log, clock, metrics })
  const server = createBoundedServer((request, response) => {
    if (queues.admit(request, response)) void answer(request, response)
  }, limits)
  const { cut, notTaken } = connectionFaults(limitedLog, metrics)
  server.on('checkExpectation', (request, response) => {
    if (queues.admit(request, response)) refuse(response, 'expectation')
  })
  server.on('drop', () => cut('too-many-connections'))
  const queues = limitRequests(server, cut)
  if (limits.evictIdle) evictIdle(server, server.maxConnections, () => cut('idle'))
  const door = createUpgradeDoor(limitedLog, metrics)
  const late = createLateUpgrades(limits.requestLimitMs ?? REQUEST_LIMIT_MS, () => cut('late-upgrade'))
  server.on('upgrade', (request, socket, head) => {
    const early = Buffer.concat([head, queues.release(socket)])
    late.hold(socket, queues.answered(socket), early, (whole) => {
      const path = pathOf(request)
      door.receive(upgradeOf(tables, path) ?? siteOf(path)?.upgrade, request, socket, whole)
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request)
    // Monitors ask with HEAD; Node leaves the body out.
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const handler = routeOf(tables, `${method} ${path}`)
    try {
      if (request.httpVersion === '1.1' && request.headers.host === undefined)
        return refuse(response, 'no-host')
      if (!handler) {
        const site = siteOf(path)
        return site ? await site.answer(request, response) : refuseUnserved(request, response)
      }
      const read = await readBody(request)
      if ('fault' in read) return refuse(response, read.fault)
      reply(response, await handler(asked(request, path, read.body)))
    } catch (error) {
      limitedLog.error({ path, error: messageOf(error) }, 'HTTP: a request failed')
      reply(response, { status: 500, body: 'internal error\n' })
    }
  }

  /** What is left of the body is not waited for. */
  function refuse(response: ServerResponse, reason: keyof typeof REFUSALS): void {
    metrics.count('http_requests_refused_total', 1, { reason })
    reply(response, { ...REFUSALS[reason], headers: { connection: 'close' } })
  }

  function refuseUnserved(request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request)
    if (routeOf(tables, `GET ${path}`) ?? routeOf(tables, `POST ${path}`)) return refuse(response, 'method')
    tellUnknownPath(limitedLog, request, tables.flatMap(webhooksOf))
    refuse(response, 'unknown-path')
  }

  return {
    route: (method, path, handler) => own.route(method, path, handler),
    mount: (site) => void sites.push(site),
    serve(others) {
      tables = [own, ...others]
    },
    ownPath: (path) => path,
    async listen(port, hostname) {
      const bound = await listen(server, port, hostname)
      server.on('error', notTaken)
      return bound
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        late.close()
        door.close()
      }),
  }
}

function asked(request: IncomingMessage, path: string, body: Buffer): HttpRequest {
  const { method = '', url = '/', headers, socket } = request
  return { method, path, url, headers, body, remoteAddress: socket.remoteAddress ?? '' }
}

/** What befalls a connection, told and counted; no reason to end those that there are. */
function connectionFaults(log: Logger, metrics: Metrics) {
  return {
    cut(reason: string): void {
      metrics.count('http_connections_cut_total', 1, { reason })
      log.warn({ reason }, 'HTTP: a connection was cut')
    },
    notTaken(error: Error): void {
      metrics.count('http_accepts_failed_total')
      log.error({ error: messageOf(error) }, 'HTTP: a connection could not be taken')
    },
  }
}

/**
 * Where no files are left, the system takes a connection and closes it, and neither Node nor the log hears of it; and
 * recognition, recordings and name look-ups fail with it. So the port stops where files are left for all of these.
 */
function connectionsAllowed(): number {
  const openFiles = openFilesAllowed()
  if (openFiles === undefined) return MAX_CONNECTIONS
  return Math.min(MAX_CONNECTIONS, Math.max(LEAST_CONNECTIONS, callsWithin(openFiles)))
}

function createBoundedServer(onRequest: RequestListener, limits: HttpLimits): Server {
  // What Node answers by itself it does not count: a request without Host goes the way of all requests.
  const server = createServer({ connectionsCheckingInterval: LOOK_MS, requireHostHeader: false }, onRequest)
  server.requestTimeout = limits.requestLimitMs ?? REQUEST_LIMIT_MS
  server.headersTimeout = server.requestTimeout
  server.maxHeadersCount = MAX_HEADERS
  server.maxConnections = limits.maxConnections ?? connectionsAllowed()
  answerHttpUpgrades(server)
  return server
}

/** A mistyped webhook is the commonest fault of the first day. */
function tellUnknownPath(log: Logger, request: IncomingMessage, known: readonly string[]): void {
  const path = pathOf(request).slice(0, MAX_LOGGED_CHARACTERS)
  if (isOperators(path)) {
    const asked = { method: request.method, path }
    return log.warn(
      asked,
      'HTTP: this path is answered on the operator’s port (ADMIN_PORT), not on that of the calls',
    )
  }
  const meant = meantPath(path, known)
  log.warn(
    { method: request.method, path, ...(meant && { meant }) },
    'HTTP: nobody serves this path; is the webhook at the carrier right?',
  )
}

/** What is asked by POST, in the order of their making: the voice webhook comes first. */
function webhooksOf({ routes }: RouteTable): readonly string[] {
  return [...routes.keys()].flatMap((key) => (key.startsWith('POST ') ? [key.slice('POST '.length)] : []))
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

const REFUSALS = {
  'unknown-path': { status: 404, body: 'not found\n' },
  'no-host': { status: 400, body: 'no Host header\n' },
  expectation: { status: 417, body: 'nothing but 100-continue can be expected\n' },
  method: { status: 405, body: 'not found\n' },
  'too-large': { status: 413, body: 'body too large\n' },
  /** Nobody reads it any more. */
  aborted: { status: 400, body: '' },
} as const

const NO_METRICS: Metrics = { count: () => undefined, gauge: () => undefined, observe: () => undefined }

function reply(response: ServerResponse, answer: HttpResponse): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(answer.status, { 'content-type': 'text/plain; charset=utf-8', ...answer.headers })
  response.end(answer.body ?? '')
}
