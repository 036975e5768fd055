import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { OpenSocket } from './stream-admission.ts'
import type { FrameBudget } from './frame-budget.ts'
import { StreamConnection } from './stream-connection.ts'

export interface MediaUpgradeOptions {
  readonly maxMessageBytes: number
  /** What one stream may send. */
  createBudget(): FrameBudget
  /** Judges the request before anything is upgraded; the status and text of a refusal, or `undefined`. */
  readonly refusal: (
    request: IncomingMessage,
  ) => { readonly status: number; readonly text: string } | undefined
  readonly onSocket: (open: OpenSocket) => void
  /** The streams that come by it are a browser's: see `OpenSocket`. */
  readonly isBrowser?: boolean
}

/** How long ws waits for the peer's close frame before it drops the connection. */
const CLOSE_TIMEOUT_MS = 2000
const NO_HEAD = Buffer.alloc(0)

/** Takes an upgrade request to an open socket, or answers it with an error. */
export type MediaUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** The WebSocket side of the media path. */
export function createMediaUpgrade(options: MediaUpgradeOptions): MediaUpgrade {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxMessageBytes,
    perMessageDeflate: false,
    // JSON.parse judges the text, and the media scan takes ASCII only: a third check would buy nothing.
    skipUTF8Validation: true,
    clientTracking: false,
    // Who does not read pongs gets no more of them: see media-socket.ts.
    autoPong: false,
    ...{ closeTimeout: CLOSE_TIMEOUT_MS },
  })
  const text = Buffer.alloc(options.maxMessageBytes)
  return (request, connection, head) => {
    const refusal = options.refusal(request)
    if (refusal !== undefined) return answer(connection, refusal.status, refusal.text)
    // What came with the request is counted as all that comes after it, so it goes the same way.
    if (head.length > 0) connection.unshift(head)
    const seen = new StreamConnection(connection, text, options.createBudget())
    server.handleUpgrade(request, seen, NO_HEAD, (socket) =>
      options.onSocket({ socket, connection, seen, isBrowser: options.isBrowser === true }),
    )
  }
}

function answer(socket: Duplex, status: number, text: string): void {
  socket.on('error', () => socket.destroy())
  socket.once('finish', () => socket.destroy())
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Connection: close',
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
      '',
      text,
    ].join('\r\n'),
  )
}
