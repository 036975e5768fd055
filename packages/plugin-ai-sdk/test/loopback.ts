import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** One request as the server saw it. */
export interface Asked {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: any
  /** Resolves when the client closed the connection before the answer was complete. */
  readonly abandoned: Promise<void>
}

export interface Answering {
  readonly asked: Asked
  json(status: number, body: unknown, headers?: Readonly<Record<string, string>>): void
  /** Server-sent events; each with the name that its `type` gives it. */
  events(events: readonly object[]): Promise<void>
  text(text: string): void
  end(): void
  /** A line that does not end, as fast as it is taken. */
  endless(status: number): Promise<void>
  /** Cuts the TCP connection without closing it properly. */
  reset(): void
}

/** A script that returns without ending leaves the client waiting. */
export type Script = (answering: Answering) => void | Promise<void>

export interface Loopback {
  readonly url: string
  readonly asked: readonly Asked[]
  /** Answers the next request; each that follows has `always`. */
  next(script: Script): void
  always(script: Script): void
  /** Resolves with the request of this index, now or when it comes. */
  request(index?: number): Promise<Asked>
  /** How many have been opened. */
  connections(): number
  close(): Promise<void>
}

/** A provider of this machine: it speaks whatever its scripts say. */
export async function openLoopback(standing: Script): Promise<Loopback> {
  const queued: Script[] = []
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  let wake: (() => void)[] = []
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })
  let connections = 0
  server.on('connection', (socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const abandoned = new Promise<void>((resolve) => {
      response.on('close', () => {
        if (!response.writableFinished) resolve()
      })
    })
    let text = ''
    for await (const piece of request) text += String(piece)
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    if (request.method === 'HEAD') return void response.end()
    const one = { path: request.url ?? '', headers: request.headers, body, abandoned }
    asked.push(one)
    for (const resolve of wake.splice(0)) resolve()
    await (queued.shift() ?? standing)(answering(one, response))
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    next: (script) => void queued.push(script),
    always: (script) => void (standing = script),
    async request(index = 0) {
      while (asked[index] === undefined) await new Promise<void>((resolve) => wake.push(resolve))
      return asked[index]
    },
    connections: () => connections,
    async close() {
      wake = []
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function answering(asked: Asked, response: ServerResponse): Answering {
  const head = () => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' })
  }
  return {
    asked,
    json(status, body, headers = {}) {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    },
    async events(events) {
      head()
      for (const event of events) {
        const name = 'type' in event ? `event: ${String(event.type)}\n` : ''
        response.write(`${name}data: ${JSON.stringify(event)}\n\n`)
        // Each in a packet of its own.
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    text(text) {
      head()
      response.write(text)
    },
    end: () => void response.end(),
    async endless(status) {
      response.writeHead(status, { 'content-type': 'text/event-stream' })
      const piece = Buffer.alloc(262_144, 'x')
      while (!response.destroyed) {
        if (!response.write(piece)) await Promise.race([once(response, 'drain'), asked.abandoned])
      }
    },
    reset: () => response.socket?.resetAndDestroy(),
  }
}
