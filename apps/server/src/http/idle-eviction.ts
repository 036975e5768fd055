import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** So many places are kept free: a probe comes with a connection of its own. */
const RESERVE = 20

/**
 * Keeps some of a port's connections free by ending those that ask nothing, the oldest first: else whoever opens many
 * keeps out a liveness probe, and with it the process alive. Calls `onEvicted` for each.
 */
export function evictIdle(server: Server, maxConnections: number, onEvicted: () => void): void {
  const most = Math.max(1, maxConnections - RESERVE)
  const idle = new Set<Socket>()
  let open = 0
  server.on('connection', (socket: Socket) => {
    open++
    idle.add(socket)
    socket.once('close', () => {
      open--
      idle.delete(socket)
    })
    const [oldest] = idle
    if (open <= most || oldest === undefined || oldest === socket) return
    idle.delete(oldest)
    oldest.destroy()
    onEvicted()
  })
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket)
    response.once('close', () => {
      if (!socket.destroyed) idle.add(socket)
    })
  })
  server.on('upgrade', ({ socket }: IncomingMessage) => idle.delete(socket))
}
