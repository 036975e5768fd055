import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createShop } from './shop-server.mjs'

export interface Told {
  readonly name: string
  readonly args?: Readonly<Record<string, unknown>>
  readonly cancelled?: boolean
}

export interface HttpShop {
  readonly url: string
  readonly port: number
  readonly told: readonly Told[]
  readonly authorizations: ReadonlySet<string | undefined>
  /** The newest session's. */
  readonly server: McpServer
  /** Resolves with the first thing told that `fits`, now or when it comes. */
  until(fits: (told: Told) => boolean): Promise<Told>
  /** Forgets all sessions, as a server that was started anew. */
  forget(): void
  close(): Promise<void>
}

/** The shop over streamable HTTP, with sessions. */
export async function openHttpShop({ port = 0, refuse = 0 } = {}): Promise<HttpShop> {
  const told: Told[] = []
  const authorizations = new Set<string | undefined>()
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  const sockets = new Set<Socket>()
  const wake = new Set<() => void>()
  let newest: McpServer | undefined

  async function sessionOf(request: IncomingMessage): Promise<StreamableHTTPServerTransport | undefined> {
    const id = request.headers['mcp-session-id']
    if (typeof id === 'string') return sessions.get(id)
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (own) => void sessions.set(own, transport),
    })
    const own = createShop((one: Told) => {
      told.push(one)
      for (const look of wake) look()
    })
    await own.connect(transport)
    newest = own
    return transport
  }

  const server = createServer((request, response) => {
    authorizations.add(request.headers.authorization)
    void (async () => {
      if (refuse > 0) return response.writeHead(refuse).end(`no ${request.headers.authorization}`)
      const session = await sessionOf(request)
      if (!session)
        return response
          .writeHead(404)
          .end('{"jsonrpc":"2.0","error":{"code":-32001,"message":"gone"},"id":null}')
      return session.handleRequest(request, response)
    })()
  })
  // The client's spare connections would count as left open.
  server.keepAliveTimeout = 200
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const own = (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${own}/mcp`,
    port: own,
    told,
    authorizations,
    get server() {
      return newest!
    },
    until(fits) {
      return new Promise((resolve) => {
        const look = (): void => {
          const found = told.find(fits)
          if (found === undefined) return
          wake.delete(look)
          resolve(found)
        }
        wake.add(look)
        look()
      })
    },
    forget() {
      sessions.clear()
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
