import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** Node's reader of one connection, as far as it is used here. */
interface Parser {
  onIncoming: (request: IncomingMessage & { upgrade?: boolean }, shouldKeepAlive: boolean) => number
}

/** What the same request could be made in (RFC 9110, 7.8): another version of HTTP, or the same within TLS. */
const STILL_HTTP = /^(h2c?|http\/.*|tls\/.*)$/i

/**
 * Has requests answered as if they asked for no upgrade where it is to HTTP again: clients that could speak HTTP/2 ask
 * for it with their first request (`Upgrade: h2c`, Java's by default), and are content with HTTP/1.1. Node gives out the
 * socket of each, body and all, as soon as somebody takes upgrades. What else is asked for is a transport's to know.
 */
export function answerHttpUpgrades(server: Server): void {
  server.on('connection', (socket: Duplex) => {
    const { parser } = socket as unknown as { readonly parser?: Parser | null }
    if (!parser) return
    const { onIncoming } = parser
    parser.onIncoming = (request, shouldKeepAlive) => {
      const isHttp = request.upgrade === true && request.method !== 'CONNECT' && asksForHttp(request)
      if (isHttp) request.upgrade = false
      // Node has lost what came behind it in one piece: nothing more is to come on this connection.
      return onIncoming(request, shouldKeepAlive && !isHttp)
    }
  })
}

function asksForHttp({ headers }: IncomingMessage): boolean {
  const protocols = (headers.upgrade ?? '').split(',')
  return protocols.every((protocol) => STILL_HTTP.test(protocol.trim()))
}
