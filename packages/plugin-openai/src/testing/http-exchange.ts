import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** One request as the server saw it. */
export interface RecordedRequest {
  readonly method: string
  /** Path below the API root, `/chat/completions`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** The body as JSON; `undefined` when it is something else (a file upload). */
  readonly json: any
  /** Counts the TCP connections: equal numbers, same connection. */
  readonly connection: number
  /** Bytes of the answer handed to the socket so far. */
  readonly sentBytes: number
  /** Resolves when the client closed the connection before the answer was complete. */
  readonly abandoned: Promise<void>
}

/** What a script has in hand to answer one request, rightly or wrongly. */
export interface Exchange {
  readonly request: RecordedRequest
  /** Sends the head; without it the first `write` sends 200 and server-sent events. */
  head(status: number, headers?: Readonly<Record<string, string>>): void
  write(bytes: Uint8Array | string): Promise<void>
  /** One server-sent event; an `event:` line too when `name` is given. */
  event(data: unknown, name?: string): Promise<void>
  /** A whole JSON answer. */
  json(status: number, body: unknown, headers?: Readonly<Record<string, string>>): void
  end(): void
  /** Cuts the TCP connection without closing it properly. */
  reset(): void
}

/** Answers one request. A script that returns without ending leaves the client waiting. */
export type HttpScript = (exchange: Exchange) => void | Promise<void>

export async function readExchange(
  request: IncomingMessage,
  response: ServerResponse,
  place: { readonly root: string; readonly connection: number },
): Promise<Exchange> {
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
    path: url.pathname.startsWith(place.root) ? url.pathname.slice(place.root.length) : url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body,
    json: parseJson(body),
    connection: place.connection,
    sentBytes: 0,
    abandoned,
  }
  const head: Exchange['head'] = (status, headers) => {
    response.writeHead(status, headers)
    response.flushHeaders()
  }
  const write: Exchange['write'] = async (bytes) => {
    if (response.destroyed) return
    if (!response.headersSent) head(200, { 'content-type': 'text/event-stream' })
    recorded.sentBytes += bytes.length
    // Whoever closes while the buffer is full leaves no drain event.
    if (!response.write(bytes)) await Promise.race([once(response, 'drain'), abandoned])
  }
  return {
    request: recorded,
    head,
    write,
    event: (data, name) => write(`${name ? `event: ${name}\n` : ''}data: ${textOf(data)}\n\n`),
    json(status, answer, headers) {
      head(status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(answer))
    },
    end: () => void response.end(),
    reset: () => response.socket?.resetAndDestroy(),
  }
}

function textOf(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data)
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
