// @ts-check
import { createHash, timingSafeEqual } from 'node:crypto'
import { WebSocketServer } from 'ws'
import { createCall } from './call.js'
/** @import { IncomingMessage } from 'node:http' */
/** @import { Duplex } from 'node:stream' */
/** @import { PluginContext, TransportHost } from '@kav/core' */

/**
 * Lets callers in: who shows the token and finds room. The far end says in the URL who calls whom.
 *
 * @param {string} token
 * @param {PluginContext} context
 */
export function openDoor(token, { log, metrics, clock }) {
  const upgrader = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 65_536 })
  /** @type {Set<(reason: 'shutdown') => Promise<void>>} */
  const open = new Set()
  let calls = 0

  return {
    /**
     * @param {TransportHost} host
     * @param {{ request: IncomingMessage, socket: Duplex, head: Buffer }} upgrade
     */
    async enter(host, { request, socket, head }) {
      // A socket without this listener would throw into the process.
      socket.on('error', () => undefined)
      if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) {
        metrics.count('acme_transport_refused_total', 1, { reason: 'token' })
        log.warn({}, 'acme_transport caller without the token refused')
        return refuse(socket, 403)
      }
      const { searchParams } = new URL(request.url ?? '/', 'ws://line')
      const from = searchParams.get('from') ?? ''
      const to = searchParams.get('to') ?? ''
      const id = `acme-transport-${clock.wallMs().toString(36)}-${++calls}`
      const place = await host.admit({ id, from, to }, 0)
      if ('refused' in place) {
        metrics.count('acme_transport_refused_total', 1, { reason: place.refused })
        return refuse(socket, place.instead.how === 'elsewhere' ? 503 : 486)
      }
      if (socket.destroyed) return place.release()
      upgrader.handleUpgrade(request, socket, head, (wire) => {
        const { call, leave } = createCall(wire, { id, from, to, clock })
        open.add(leave)
        wire.once('close', () => open.delete(leave))
        host.onCall(call, place)
      })
    },

    async close() {
      await Promise.all([...open].map((leave) => leave('shutdown')))
    },
  }
}

/**
 * In a time that says nothing of how much of it is right.
 *
 * @param {string} shown
 * @param {string} wanted
 */
function isSame(shown, wanted) {
  /** @param {string} text */
  const digest = (text) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(shown), digest(wanted))
}

/**
 * @param {Duplex} socket
 * @param {number} status
 */
function refuse(socket, status) {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
