import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Logger, messageOf, type Metrics } from '@kav/core'

/** What a handler returns that has given the socket to another process: from here on it is that one's alone. */
export const HANDED_OVER = Symbol('handed over')

export type UpgradeHandler = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
) => Upgraded | Promise<Upgraded>

/** What became of the socket. */
export type Upgraded = void | typeof HANDED_OVER

/**
 * Hands sockets that ask for an upgrade to their handler, and sees each of them off: Node leaves such a socket to
 * whoever took it, so one that was refused would stay open for as long as its far end likes.
 */
export interface UpgradeDoor {
  /** `undefined`: nobody serves this path. */
  receive(handler: UpgradeHandler | undefined, request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends every socket that is still open. */
  close(): void
}

/** An answer is a few hundred bytes; who has not taken it by then will not. */
const LAST_BYTES_MS = 2000
const MAX_LAST_BYTES = 1024 * 1024
/** A handler that has not written a byte by then has forgotten the socket. */
const FIRST_BYTE_MS = 15_000

const MAX_LOGGED_CHARACTERS = 100

/** @param log limited: everybody can cause its lines. */
export function createUpgradeDoor(log: Logger, metrics: Metrics): UpgradeDoor {
  const open = new Set<Duplex>()

  /** Returns what ends the watch. */
  function watch(socket: Duplex): () => void {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    const unanswered = destroyLater(socket, FIRST_BYTE_MS, () => bytesWritten(socket) === 0)
    let leaving: NodeJS.Timeout | undefined
    // Our side has said its last: nothing more is owed to the far end.
    socket.once('finish', () => {
      leaving = destroyLater(socket, LAST_BYTES_MS)
      // What is read is thrown away: the end of the far side is behind it, or too far behind.
      let bytes = 0
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > MAX_LAST_BYTES) socket.destroy()
      })
      socket.resume()
    })
    const forget = (): void => {
      clearTimeout(unanswered)
      clearTimeout(leaving)
      open.delete(socket)
    }
    socket.once('close', forget)
    return forget
  }

  return {
    receive(handler, request, socket, head) {
      const forget = watch(socket)
      const path = (request.url ?? '/').split('?', 1)[0]!.slice(0, MAX_LOGGED_CHARACTERS)
      if (handler === undefined) {
        metrics.count('http_upgrades_refused_total', 1, { reason: 'unknown-path' })
        log.warn({ path }, 'HTTP: nobody takes an upgrade on this path')
        return refuseUpgrade(socket, '404 Not Found')
      }
      const failed = (error: unknown): void => {
        log.error({ path, error: messageOf(error) }, 'HTTP: an upgrade failed')
        if (bytesWritten(socket) === 0) refuseUpgrade(socket, '500 Internal Server Error')
        else socket.destroy()
      }
      try {
        const answer = handler(request, socket, head)
        if (answer === HANDED_OVER) forget()
        else Promise.resolve(answer).then((late) => late === HANDED_OVER && forget(), failed)
      } catch (error) {
        failed(error)
      }
    },
    close() {
      for (const socket of open) socket.destroy()
    },
  }
}

/** An answer without words, `503 Service Unavailable`, in place of the upgrade. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function bytesWritten(socket: Duplex): number {
  return 'bytesWritten' in socket ? Number(socket.bytesWritten) : 1
}

function destroyLater(socket: Duplex, afterMs: number, when: () => boolean = () => true): NodeJS.Timeout {
  return setTimeout(() => {
    if (when()) socket.destroy()
  }, afterMs).unref()
}
