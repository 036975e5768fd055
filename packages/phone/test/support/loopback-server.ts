import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

/** A message of the phone, as far as tests look into it. */
export interface PhoneMessage {
  event: string
  sequenceNumber?: string
  streamSid?: string
  protocol?: string
  version?: string
  start?: { accountSid: string; streamSid: string; callSid: string; customParameters: Record<string, string> }
  media?: { track: string; chunk: string; timestamp: string; payload: string }
  mark?: { name: string }
  dtmf?: { track: string; digit: string }
  stop?: { accountSid: string; callSid: string }
}

/** What a test server answers on the webhook; `null` cuts the connection. */
export interface WebhookAnswer {
  status?: number
  body?: string
  type?: string
}

/** The server's side of one stream, as a test scripts it. */
export interface ServerStream {
  readonly socket: WebSocket
  readonly headers: IncomingHttpHeaders
  /** Every message of the phone, parsed. */
  readonly messages: PhoneMessage[]
  readonly streamSid: string
  media(audio: Uint8Array): void
  mark(name: string): void
  clear(): void
  raw(value: unknown): void
  /** Resolves with the first message (from now or before) that satisfies the condition. */
  next(condition: (message: PhoneMessage) => boolean): Promise<PhoneMessage>
}

export interface LoopbackServer {
  readonly url: string
  readonly origin: string
  readonly webhooks: { headers: IncomingHttpHeaders; fields: Record<string, string>; path: string }[]
  readonly streams: ServerStream[]
  close(): Promise<void>
}

export interface LoopbackOptions {
  webhook?(origin: string): WebhookAnswer | null
  /** Called when the phone's `start` has come. */
  onStart?(stream: ServerStream): void
  /** Called for every message. */
  onMessage?(stream: ServerStream, message: PhoneMessage): void
  /** Called as the socket opens, before any message. */
  onOpen?(stream: ServerStream): void
  /** Answers the upgrade with this status instead of 101. */
  refuseUpgrade?: number
}

export const twimlFor = (url: string, parameters: Record<string, string> = {}): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Response><Connect><Stream url="${url}">` +
  Object.entries(parameters)
    .map(([name, value]) => `<Parameter name="${name}" value="${value}"/>`)
    .join('') +
  '</Stream></Connect></Response>'

/** A small real server that speaks the server's side: HTTP webhook and WebSocket, with faults as told. */
export async function openLoopbackServer(options: LoopbackOptions = {}): Promise<LoopbackServer> {
  const webhooks: LoopbackServer['webhooks'] = []
  const streams: ServerStream[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
      webhooks.push({ headers: request.headers, fields, path: request.url ?? '' })
      const origin = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
      const answer = options.webhook
        ? options.webhook(origin)
        : { body: twimlFor(`${origin}/media`, { token: 't1' }) }
      if (answer === null) return void request.socket.destroy()
      response.writeHead(answer.status ?? 200, { 'Content-Type': answer.type ?? 'text/xml' })
      response.end(answer.body ?? '')
    })
  })
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  server.on('upgrade', (request, socket, head) => {
    if (options.refuseUpgrade !== undefined) {
      socket.end(`HTTP/1.1 ${options.refuseUpgrade} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (ws) => streams.push(serve(ws, request.headers, options)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `${origin}/twilio/voice`,
    origin,
    webhooks,
    streams,
    async close() {
      for (const { socket } of streams) socket.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function serve(socket: WebSocket, headers: IncomingHttpHeaders, options: LoopbackOptions): ServerStream {
  const messages: PhoneMessage[] = []
  const waiting: {
    condition(message: PhoneMessage): boolean
    resolve(m: PhoneMessage): void
  }[] = []
  let streamSid = ''
  const raw = (value: unknown): void => socket.send(typeof value === 'string' ? value : JSON.stringify(value))
  const stream: ServerStream = {
    socket,
    headers,
    messages,
    get streamSid() {
      return streamSid
    },
    media: (audio) =>
      raw({ event: 'media', streamSid, media: { payload: Buffer.from(audio).toString('base64') } }),
    mark: (name) => raw({ event: 'mark', streamSid, mark: { name } }),
    clear: () => raw({ event: 'clear', streamSid }),
    raw,
    next: (condition) =>
      new Promise((resolve) => {
        const found = messages.find(condition)
        if (found) resolve(found)
        else waiting.push({ condition, resolve })
      }),
  }
  options.onOpen?.(stream)
  socket.on('error', () => undefined)
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as PhoneMessage
    messages.push(message)
    if (message.event === 'start') {
      streamSid = message.streamSid ?? ''
      options.onStart?.(stream)
    }
    options.onMessage?.(stream, message)
    for (const wait of waiting.splice(0)) {
      if (wait.condition(message)) wait.resolve(message)
      else waiting.push(wait)
    }
  })
  return stream
}
