import type { IncomingMessage } from 'node:http'
import { ApiFault } from './api-fault.ts'

/**
 * What `ws` refuses by itself (RFC 6455, 4.1), refused before a route is told that somebody wants its socket. Throws
 * `ApiFault`.
 */
export function checkHandshake({ method, headers }: IncomingMessage): void {
  const isKey = /^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '')
  if (method === 'GET' && isKey && headers['sec-websocket-version'] === '13') return
  throw new ApiFault('bad-request', 'that is no handshake of a WebSocket', 'see RFC 6455, 4.1')
}
