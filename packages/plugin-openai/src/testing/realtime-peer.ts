import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'

/** The server's end of one Realtime connection. */
export interface RealtimePeer {
  /** The upgrade request: path, query and headers as they came. */
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  /** Every event of the client, in order; `append` events too. */
  readonly received: readonly any[]
  /** The audio of all `append` events, joined. */
  audio(): Buffer
  send(event: Readonly<Record<string, unknown>>): void
  /** Sends something that is no event (broken JSON). */
  sendRaw(text: string): void
  /** Calls back for every client event of `type`, those that came already too. */
  on(type: string, handler: (event: any) => void): void
  /** Resolves with client event `index` of `type`, now or when it comes. */
  event(type: string, index?: number): Promise<any>
  /** Resolves when the client has read all that was sent so far. */
  roundTrip(): Promise<void>
  close(code?: number, reason?: string): void
  /** Cuts the TCP connection. */
  terminate(): void
  /** Stops reading and answering, the connection stays open (a half-open line). */
  freeze(): void
  /** Resolves with the code the client closed with; 1006 when it was cut. */
  readonly closed: Promise<number>
}

/** Plays the server's side of one connection. */
export type RealtimeScript = (peer: RealtimePeer) => void

export function openRealtimePeer(socket: WebSocket, request: IncomingMessage): RealtimePeer {
  const received: any[] = []
  const audio: Buffer[] = []
  const handlers: { type: string; handler: (event: any) => void }[] = []
  const peer: RealtimePeer = {
    url: new URL(request.url ?? '/', 'ws://loopback'),
    headers: request.headers,
    received,
    audio: () => Buffer.concat(audio),
    send: (event) => peer.sendRaw(JSON.stringify(event)),
    sendRaw(text) {
      if (socket.readyState === socket.OPEN) socket.send(text)
    },
    on(type, handler) {
      handlers.push({ type, handler })
      for (const event of received.filter((candidate) => candidate.type === type)) handler(event)
    },
    event: (type, index = 0) =>
      new Promise((resolve) => {
        let left = index
        peer.on(type, (event) => {
          if (left-- === 0) resolve(event)
        })
      }),
    async roundTrip() {
      if (socket.readyState !== socket.OPEN) return
      const answered = new Promise<void>((resolve) => socket.once('pong', () => resolve()))
      socket.ping()
      await Promise.race([answered, peer.closed])
    },
    close: (code = 1000, reason = '') => socket.close(code, reason),
    terminate: () => socket.terminate(),
    freeze: () => socket.pause(),
    closed: new Promise((resolve) => socket.on('close', resolve)),
  }
  socket.on('error', () => undefined)
  socket.on('message', (data) => {
    const event = JSON.parse(String(data))
    received.push(event)
    if (event.type === 'input_audio_buffer.append') audio.push(Buffer.from(event.audio, 'base64'))
    for (const { type, handler } of [...handlers]) if (type === event.type) handler(event)
  })
  return peer
}
