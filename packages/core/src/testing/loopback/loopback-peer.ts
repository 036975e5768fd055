import type { IncomingMessage } from 'node:http'

/** The server's end of one WebSocket. */
export interface LoopbackPeer {
  /** The upgrade request: path and query, and headers as they came. */
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  /** Texts of the client as JSON, in order; what is no JSON as it came. */
  readonly messages: readonly any[]
  /** All binary messages, joined. */
  bytes(): Buffer
  /** Calls back for every message, those that came already too: JSON, or the bytes of a binary one. */
  onMessage(handler: (message: any) => void): void
  /** Resolves with the first message that fits, now or when it comes. */
  message(fits: (message: any) => boolean): Promise<any>
  /** Sends JSON. */
  send(message: unknown): void
  /** Sends a text as it is (broken JSON), or a binary message. */
  sendRaw(message: string | Uint8Array): void
  /** Resolves when the client has read all that was sent so far, or is gone. */
  roundTrip(): Promise<void>
  close(code?: number, reason?: string): void
  /** Cuts the TCP connection. */
  cut(): void
  /** Stops reading and answering; the connection stays open (a half-open line). */
  freeze(): void
  /** Resolves with the code the client closed with; 1006 when it was cut. */
  readonly closed: Promise<number>
}
