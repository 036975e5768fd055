import { WebSocket, type ClientOptions } from 'ws'

/** Twilio's end of one media stream. */
export interface TwilioStream {
  readonly socket: WebSocket
  /** Every text message that came, parsed; binary ones as `{ binary: length }`. */
  readonly received: readonly Record<string, unknown>[]
  /** The same, as text. */
  readonly texts: readonly string[]
  send(message: unknown): void
  /** Sends text or bytes as they are. */
  raw(data: string | Buffer): void
  until(count: number): Promise<void>
  readonly closed: Promise<{ code: number; reason: string }>
}

/** Resolves when the socket is open; rejects with `HTTP <status>` when the upgrade is refused. */
export function openTwilioStream(url: string, options: ClientOptions = {}): Promise<TwilioStream> {
  const socket = new WebSocket(url, { perMessageDeflate: false, ...options })
  const received: Record<string, unknown>[] = []
  const texts: string[] = []
  const waiting: { count: number; resolve(): void }[] = []
  socket.on('message', (data, isBinary) => {
    const text = (data as Buffer).toString()
    texts.push(text)
    received.push(isBinary ? { binary: text.length } : (JSON.parse(text) as Record<string, unknown>))
    for (const waiter of waiting) if (received.length >= waiter.count) waiter.resolve()
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  )
  const stream: TwilioStream = {
    socket,
    received,
    texts,
    send: (message) => socket.send(JSON.stringify(message)),
    raw: (data) => socket.send(data),
    until: (count) =>
      received.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ count, resolve })),
    closed,
  }
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      reject(new Error(`HTTP ${response.statusCode}`))
    })
    socket.on('open', () => resolve(stream))
  })
}

export const ACCOUNT_SID = 'AC00000000000000000000000000000001'
export const CALL_SID = 'CA00000000000000000000000000000001'
export const STREAM_SID = 'MZ00000000000000000000000000000001'

export const CONNECTED = { event: 'connected', protocol: 'Call', version: '1.0.0' }

/** `start` as Twilio sends it. */
export function startMessage(
  customParameters: Record<string, string>,
  callSid = CALL_SID,
): { event: string; start: Record<string, unknown>; [key: string]: unknown } {
  return {
    event: 'start',
    sequenceNumber: '1',
    start: {
      accountSid: ACCOUNT_SID,
      streamSid: STREAM_SID,
      callSid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters,
    },
    streamSid: STREAM_SID,
  }
}

/** The `number`th media message of a stream, as Twilio sends it. */
export function mediaMessage(audio: Uint8Array, number = 1): Record<string, unknown> {
  return {
    event: 'media',
    sequenceNumber: String(number + 1),
    media: {
      track: 'inbound',
      chunk: String(number),
      timestamp: String(57 + 20 * (number - 1)),
      payload: Buffer.from(audio).toString('base64'),
    },
    streamSid: STREAM_SID,
  }
}

export const STOP = {
  event: 'stop',
  sequenceNumber: '5',
  stop: { accountSid: ACCOUNT_SID, callSid: CALL_SID },
  streamSid: STREAM_SID,
}
