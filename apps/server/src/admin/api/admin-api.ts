import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Clock, type Logger, messageOf, type Metrics } from '@kav/core'
import { limitLog } from '@kav/core/kit'
import { type ServerOptions, WebSocketServer } from 'ws'
import type { MountedSite } from '../../http-host.ts'
import type { Upgraded } from '../../http/upgrade-door.ts'
import { withoutSecrets } from '../../privacy/secrets.ts'
import { ApiFault } from './api-fault.ts'
import type { ApiRoute, TakeSocket } from './api-route.ts'
import { checkHandshake } from './check-handshake.ts'
import { createEventStream } from './event-stream.ts'
import { checkOrigin, type OriginRules } from './origin-gate.ts'
import { readRequest, type SchemaChecks } from './read-request.ts'
import { createRouteFinder, type FoundRoute } from './route-finder.ts'
import { createStreamPlaces } from './stream-places.ts'
import { SOCKET_PROTOCOL, type TokenGate } from './token-gate.ts'

export interface AdminApiParts {
  readonly routes: readonly ApiRoute[]
  readonly gate: TokenGate
  readonly rules: OriginRules
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

/** Who listens says nothing that is long. */
const MAX_MESSAGE_BYTES = 4096

const SOCKETS: ServerOptions = {
  noServer: true,
  maxPayload: MAX_MESSAGE_BYTES,
  perMessageDeflate: false,
  handleProtocols: (protocols) => (protocols.has(SOCKET_PROTOCOL) ? SOCKET_PROTOCOL : false),
}

/** Everything under `/api`: for those that have the token, whatever else the port answers to everybody. */
export function createAdminApi(parts: AdminApiParts): MountedSite {
  const { gate, rules, clock, metrics } = parts
  const find = createRouteFinder(parts.routes)
  const checks: SchemaChecks = new WeakMap()
  const log = limitLog({ log: parts.log, clock, metrics })
  const sockets = new WebSocketServer(SOCKETS)
  const places = createStreamPlaces()

  /** In the order in which the least is told to those who may know the least. */
  async function routeFor(incoming: IncomingMessage): Promise<FoundRoute> {
    checkOrigin(incoming.headers, rules)
    const verdict = await gate.check(incoming.headers)
    if (verdict === 'too-many-wrong') incoming.socket.destroy()
    if (verdict === 'absent') throw new ApiFault('no-token', 'a token is asked for here', TOKEN_FIX)
    if (verdict !== 'right') throw new ApiFault('wrong-token', 'the token is not right', TOKEN_FIX)
    const finding = find(incoming.method === 'HEAD' ? 'GET' : (incoming.method ?? ''), pathOf(incoming))
    if ('route' in finding) return finding
    const [method] = finding.methods
    if (method === undefined) throw new ApiFault('unknown-path', 'nothing answers here', 'see /openapi.json')
    throw new ApiFault('method', 'not by this method', `use ${finding.methods.join(' or ')}`)
  }

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const found = await routeFor(incoming)
      const request = await readRequest(found, incoming, checks)
      const { route } = found
      if (route.kind === 'json') sendJson(response, route.status ?? 200, await route.handle(request))
      else if (route.kind === 'bytes') await route.send(request, incoming, response)
      else if (route.kind === 'events') {
        if (incoming.method === 'HEAD') throw new ApiFault('method', 'a stream has no head', 'use GET')
        response.on('close', places.take())
        await route.start(request, createEventStream(response, clock, metrics))
      } else throw new ApiFault('bad-request', 'this path is a WebSocket', 'ask for an upgrade to one')
    } catch (thrown) {
      const fault = faultOf(thrown)
      if (response.headersSent) response.destroy()
      else sendJson(response, fault.status, fault.body, { connection: 'close' })
    }
  }

  async function upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<Upgraded> {
    let take: TakeSocket
    try {
      const found = await routeFor(incoming)
      const { route } = found
      if (route.kind === 'handover')
        return await route.receive(await readRequest(found, incoming, checks), incoming, socket, head)
      if (route.kind !== 'socket')
        throw new ApiFault('bad-request', 'this path is no WebSocket', 'ask for it without an upgrade')
      const request = await readRequest(found, incoming, checks)
      checkHandshake(incoming)
      socket.once('close', places.take())
      take = await route.accept(request)
    } catch (thrown) {
      return refuse(socket, faultOf(thrown))
    }
    sockets.handleUpgrade(incoming, socket, head, (client) => {
      // What is wrong with a socket ends it, and its `close` tells.
      client.on('error', () => undefined)
      take(client)
    })
  }

  function faultOf(thrown: unknown): ApiFault {
    if (thrown instanceof ApiFault) {
      metrics.count('api_requests_refused_total', 1, { code: thrown.code })
      return thrown
    }
    log.error({ error: messageOf(thrown) }, 'API: a request failed')
    metrics.count('api_requests_refused_total', 1, { code: 'internal' })
    return new ApiFault('internal', 'that failed in here', 'look into the log')
  }

  return {
    takes: (path) => path === '/api' || path.startsWith('/api/'),
    answer,
    upgrade(incoming, socket, head) {
      return upgrade(incoming, socket, head).catch((error: unknown) => {
        log.error({ error: messageOf(error) }, 'API: an upgrade failed')
        socket.destroy()
      })
    },
  }
}

const TOKEN_FIX =
  'send authorization: Bearer <token>: that of KAV_ADMIN_TOKEN, or of .kav/admin-token; kav console shows it'

const JSON_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

function sendJson(response: ServerResponse, status: number, value: unknown, headers: object = {}): void {
  if (response.destroyed) return
  response.writeHead(status, { ...JSON_HEADERS, ...headers })
  response.end(`${withoutSecrets(JSON.stringify(value))}\n`)
}

function refuse(socket: Duplex, { status, body }: ApiFault): void {
  const text = `${JSON.stringify(body)}\n`
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    `Content-Type: ${JSON_HEADERS['content-type']}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0]!
}
