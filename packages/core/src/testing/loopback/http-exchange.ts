import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** One request as the server saw it. */
export interface LoopbackRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** The body as JSON; `undefined` when it is something else. */
  readonly json: any
  /** Counts the TCP connections: equal numbers, same connection. */
  readonly connection: number
  /** Bytes of the answer handed to the socket so far. */
  readonly sentBytes: number
  /** Resolves when the client closed the connection before the answer was complete. */
  readonly abandoned: Promise<void>
}

/** What a script has in hand to answer one request, rightly or wrongly. */
export interface HttpExchange {
  readonly request: LoopbackRequest
  /** Sends the head; without it the first `write` sends 200. */
  head(status: number, headers?: Readonly<Record<string, string>>): void
  /** Resolves when the client takes more, or has left. */
  write(bytes: Uint8Array | string): Promise<void>
  /** One server-sent event; an `event:` line too when `name` is given. */
  event(data: unknown, name?: string): Promise<void>
  /** A whole JSON answer. */
  json(status: number, body: unknown, headers?: Readonly<Record<string, string>>): void
  end(): void
  /** Cuts the TCP connection in the middle of it. */
  cut(): void
}

/** Answers one request. One that returns without ending leaves the client waiting. */
export type HttpScript = (exchange: HttpExchange) => void | Promise<void>

/** Reads the whole request, so that a script can look at it. `root`: the part of all paths that scripts do not name. */
export async function readHttpExchange(
  request: IncomingMessage,
  response: ServerResponse,
  { connection, root = '' }: { readonly connection: number; readonly root?: string },
): Promise<HttpExchange> {
  const abandoned = new Promise<void>((resolve) => {
    response.on('close', () => {
      if (!response.writableFinished) resolve()
    })
  })
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const body = Buffer.concat(pieces)
  const url = new URL(request.url ?? '/', 'http://loopback')
  const recorded = {
    method: request.method ?? '',
    path: url.pathname.startsWith(root) ? url.pathname.slice(root.length) : url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body,
    json: jsonIn(body),
    connection,
    sentBytes: 0,
    abandoned,
  }
  const head: HttpExchange['head'] = (status, headers) => {
    response.writeHead(status, headers)
    response.flushHeaders()
  }
  const write: HttpExchange['write'] = async (bytes) => {
    if (response.destroyed) return
    if (!response.headersSent) head(200)
    recorded.sentBytes += bytes.length
    // Whoever leaves while the buffer is full leaves no drain event.
    if (!response.write(bytes)) await Promise.race([once(response, 'drain'), abandoned])
  }
  return {
    request: recorded,
    head,
    write,
    event(data, name) {
      if (!response.headersSent) head(200, { 'content-type': 'text/event-stream' })
      const text = typeof data === 'string' ? data : JSON.stringify(data)
      return write(`${name === undefined ? '' : `event: ${name}\n`}data: ${text}\n\n`)
    },
    json(status, answer, headers) {
      head(status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(answer))
    },
    end: () => void response.end(),
    cut: () => void response.socket?.resetAndDestroy(),
  }
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
