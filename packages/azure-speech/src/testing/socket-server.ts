import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createChangeWatch, type ChangeWatch } from '@kav/core/testing'
import { WebSocketServer, type WebSocket } from 'ws'

/** A WebSocket that the SDK asks for: accept it or refuse it, now or later. */
export interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Socket
  /** Nothing happens when the SDK has gone meanwhile. */
  accept(opened: (webSocket: WebSocket) => void): void
  /** With an HTTP status, by a reset of the connection, or by never answering. */
  refuse(how: number | 'reset' | 'hang'): void
}

/** A WebSocket server on 127.0.0.1. */
export interface SocketServer {
  readonly port: number
  /** `ws://127.0.0.1:PORT`, for `params.host`. */
  readonly host: string
  /** Connections that are up now. */
  readonly openSockets: number
  /** Resolves as soon as `condition` holds; checked whenever something is heard. Rejects after `timeoutMs`. */
  until(condition: () => boolean, timeoutMs?: number): Promise<void>
  close(): Promise<void>
}

/** `who` is the server in messages. `changed` is called by whoever notes something. */
export async function openSocketServer(options: {
  readonly who: string
  /** 0 is any free port. */
  readonly port: number | undefined
  onUpgrade(upgrade: Upgrade, changed: ChangeWatch['changed']): void
}): Promise<SocketServer> {
  const { changed, until } = createChangeWatch(options.who)
  const sockets = new Set<Socket>()
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
    options.onUpgrade(
      {
        request,
        socket,
        accept(opened) {
          if (!socket.destroyed) webSockets.handleUpgrade(request, socket, head, opened)
        },
        refuse(how) {
          if (how === 'reset') socket.resetAndDestroy()
          else if (how === 'hang') socket.resume().on('end', () => socket.destroy())
          else socket.end(`HTTP/1.1 ${how} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
        },
      },
      changed,
    )
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    port,
    host: `ws://127.0.0.1:${port}`,
    get openSockets() {
      return sockets.size
    },
    until,
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
