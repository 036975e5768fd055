import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import type { Socket } from 'node:net'

/** Sockets of the SDK by connection id, while they are open. */
const sockets = new Map<string, Set<Socket>>()
/** Connections that nobody wants any more, and until when: whatever the SDK still opens for them is destroyed at once. */
const unwantedUntilMs = new Map<string, number>()
/** For so long: the SDK's own tries follow each other at once. */
const UNWANTED_MS = 10_000
let watching = false

/**
 * Keeps track of the sockets that the SDK opens. It offers no way to drop one that is still connecting or half-open:
 * its `close` waits for an answer that will not come. Every request of the SDK carries an `X-ConnectionId`, and Node
 * publishes requests as they start (nodejs.org, "HTTP diagnostics channels").
 */
export function watchSdkSockets(): void {
  if (watching) return
  watching = true
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: ClientRequest }
    const id = request.getHeader('x-connectionid')
    if (typeof id !== 'string') return
    if (request.socket === null) request.once('socket', (socket) => keep(id, socket))
    else keep(id, request.socket)
  })
}

function keep(id: string, socket: Socket): void {
  const own = sockets.get(id) ?? new Set()
  sockets.set(id, own.add(socket))
  if ((unwantedUntilMs.get(id) ?? 0) > performance.now()) socket.destroy()
  socket.once('close', () => {
    own.delete(socket)
    if (own.size === 0) sockets.delete(id)
  })
}

function forgetOld(): void {
  for (const [id, untilMs] of unwantedUntilMs) if (untilMs < performance.now()) unwantedUntilMs.delete(id)
}

/**
 * Resolves when no socket of these connections is open any more; what has not closed by itself after `limitMs` is
 * destroyed. A new one that the SDK opens for them meanwhile is destroyed at once.
 */
export async function dropSdkSockets(ids: ReadonlySet<string>, limitMs: number): Promise<void> {
  forgetOld()
  for (const id of ids) unwantedUntilMs.set(id, performance.now() + UNWANTED_MS)
  const open = [...ids].flatMap((id) => [...(sockets.get(id) ?? [])])
  if (open.length === 0) return
  const timer = setTimeout(() => {
    for (const socket of open) socket.destroy()
  }, limitMs)
  await Promise.all(
    open.map(
      (socket) => new Promise((resolve) => (socket.closed ? resolve(0) : socket.once('close', resolve))),
    ),
  )
  clearTimeout(timer)
}
