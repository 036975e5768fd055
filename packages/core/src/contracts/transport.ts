import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AudioFormat } from './audio.ts'

/** Why a call ended, as the record tells it. `gave-up`: too many turns in a row had failed. */
export type HangUpReason =
  | 'caller'
  | 'agent'
  | 'transferred'
  | 'gave-up'
  | 'transport-error'
  | 'rejected'
  | 'shutdown'
  | 'limit'
  | 'failure'

/** What the transport tells the core about one call. Handlers never throw and never block. */
export interface TransportCallHandlers {
  /** Caller audio in the call's format, any length. Lent: valid until the handler returns. */
  onMedia(audio: Uint8Array): void
  /** One key: `0-9`, `*`, `#`, `A-D`. */
  onDtmf(digit: string): void
  /** A mark came back: everything sent before it has been played, or was discarded by `clear`. */
  onMark(name: string): void
  /** The call is over. Exactly once, the last event of all. */
  onHangUp(reason: HangUpReason): void
}

/**
 * One live call. `send`, `mark` and `clear` are the wire: only the TX worker calls them.
 * All three are synchronous, never block, and do nothing once the call is over.
 */
export interface TransportCall {
  /** The carrier's own call id, used in logs, records and file names. */
  readonly id: string
  /** The format of both directions. */
  readonly format: AudioFormat
  /** Values the integrator passed with the call (`<Parameter>`s) and what the webhook said (`from`, `to`). */
  readonly params: Readonly<Record<string, string>>
  /** Called once by the core, before which no event is delivered; events that came earlier are held. */
  open(handlers: TransportCallHandlers): void
  /** One frame to play, in order. The bytes are lent. */
  send(frame: Uint8Array): void
  /** Asks for `onMark(name)` once everything sent before has been played. */
  mark(name: string): void
  /** Discards everything the far end still holds; it returns the pending marks at once. */
  clear(): void
  /** Bytes handed to the socket that the kernel has not taken yet. */
  readonly bufferedBytes: number
  /** Ends the call at the carrier. Resolves when it is known to be over; calling it twice is harmless. */
  hangUp(): Promise<void>
  /** Hands the caller over to another number; the media stream ends with it. Absent where not possible. */
  transfer?(to: string): Promise<void>
}

export interface HttpRequest {
  readonly method: string
  /** Path without query. */
  readonly path: string
  /** Path and query as received. */
  readonly url: string
  readonly headers: IncomingMessage['headers']
  /** The whole body; the host enforces the size limit. */
  readonly body: Buffer
  readonly remoteAddress: string
}

export interface HttpResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What the process lends a transport: routes on its one port, and the door for calls. */
export interface TransportHost {
  /** Adds an HTTP route (exact path). Two routes on one path and method is a start-up error. */
  route(method: 'GET' | 'POST', path: string, handler: (request: HttpRequest) => Promise<HttpResponse>): void
  /** Adds a WebSocket (or other) upgrade route; the handler owns the socket from here. */
  upgrade(path: string, handler: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): void
  /** Why no new call can be taken now (draining, full), or `undefined` when one can. Ask before answering. */
  refusal(): string | undefined
  /** A call is ready: identified, authorised, its format known. The core calls `open` on it synchronously. */
  onCall(call: TransportCall): void
}

/** Brings calls in. */
export interface TransportProvider {
  /** Called once, before the process listens. Does no I/O. */
  attach(host: TransportHost): void
  /** Ends what is left (sockets, timers). After it resolves nothing of the transport is open. */
  close(): Promise<void>
}
