import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** Node's reader of one connection, as far as it is used here. */
interface Parser {
  onIncoming: (request: IncomingMessage & { upgrade?: boolean }, shouldKeepAlive: boolean) => number
}

/**
 * Has requests answered as if they asked for no upgrade where it is to anything but a WebSocket: clients that could speak
 * HTTP/2 ask for it with their first request (`Upgrade: h2c`, Java's by default), and are content with HTTP/1.1. Node
 * gives out the socket of each, body and all, as soon as somebody takes upgrades.
 */
export function answerOtherUpgrades(server: Server): void {
  server.on('connection', (socket: Duplex) => {
    const { parser } = socket as unknown as { readonly parser?: Parser | null }
    if (!parser) return
    const { onIncoming } = parser
    parser.onIncoming = (request, shouldKeepAlive) => {
      const isOther = request.upgrade === true && request.method !== 'CONNECT' && !asksForWebSocket(request)
      if (isOther) request.upgrade = false
      // Node has lost what came behind it in one piece: nothing more is to come on this connection.
      return onIncoming(request, shouldKeepAlive && !isOther)
    }
  })
}

function asksForWebSocket({ headers }: IncomingMessage): boolean {
  const protocols = (headers.upgrade ?? '').split(',')
  return protocols.some((protocol) => protocol.trim().toLowerCase() === 'websocket')
}
