import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Keeps one connection from asking for much at once. HTTP allows requests to be sent without waiting for answers, and
 * Node reads all that came in one piece in one go: 64 KB hold thousands of them. No client that calls here does so;
 * one that has more than a few unanswered is cut off.
 */
export interface RequestQueues {
  /** Counts a request until its response is closed. False: there were too many, the connection is gone. */
  admit(request: IncomingMessage, response: ServerResponse): boolean
  /** The connection is no longer HTTP's. Returns what came with the request and HTTP has not looked at. */
  release(socket: Duplex): Buffer
  /** Resolves when every request of the connection is answered; `undefined`: none waits. */
  answered(socket: Duplex): Promise<void> | undefined
}

const MAX_UNANSWERED = 4
/** Some fifty of the shortest requests: what is read before anybody can say stop. */
const PIECE_BYTES = 1024
const NOTHING = Buffer.alloc(0)

interface Reading {
  readonly read: (chunk: Buffer) => void
  rest: Buffer
}

/** Why a connection was cut: more was asked than is answered at a time, or answers pile up unread. */
export type RequestCut = 'too-many-requests' | 'unread-answers'

export function limitRequests(server: Server, onCut: (reason: RequestCut) => void): RequestQueues {
  const readings = new WeakMap<Duplex, Reading>()
  const unanswered = new WeakMap<Duplex, number>()
  const awaited = new WeakMap<Duplex, () => void>()

  function cut(socket: Duplex, reason: RequestCut): void {
    if (socket.destroyed) return
    onCut(reason)
    socket.destroy()
  }

  server.on('connection', (socket: Duplex) => {
    // Node's own reader of this connection: in pieces it can be stopped between two of them.
    const parse = socket.listeners('data')[0] as ((chunk: Buffer) => void) | undefined
    if (parse === undefined) return
    const reading: Reading = {
      rest: NOTHING,
      read(chunk) {
        for (let at = 0; at < chunk.length && !socket.destroyed && readings.has(socket); at += PIECE_BYTES) {
          reading.rest = chunk.subarray(at + PIECE_BYTES)
          try {
            parse(chunk.subarray(at, at + PIECE_BYTES))
          } catch {
            // Node wants no more of one whose answers pile up unread, and takes being given more for a fault of its own.
            return cut(socket, 'unread-answers')
          }
        }
      },
    }
    readings.set(socket, reading)
    socket.off('data', parse)
    socket.on('data', reading.read)
  })

  return {
    admit({ socket }, response) {
      const waiting = (unanswered.get(socket) ?? 0) + 1
      unanswered.set(socket, waiting)
      response.once('close', () => {
        const left = (unanswered.get(socket) ?? 1) - 1
        unanswered.set(socket, left)
        if (left === 0) awaited.get(socket)?.()
      })
      if (waiting <= MAX_UNANSWERED) return true
      cut(socket, 'too-many-requests')
      return false
    },
    release(socket) {
      const reading = readings.get(socket)
      if (reading === undefined) return NOTHING
      readings.delete(socket)
      socket.off('data', reading.read)
      return reading.rest
    },
    answered(socket) {
      if ((unanswered.get(socket) ?? 0) === 0) return undefined
      return new Promise((resolve) => awaited.set(socket, resolve))
    },
  }
}
