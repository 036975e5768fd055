import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AudioFormat } from './audio.ts'

/** Why a call ended, as the record tells it. `gave-up`: too many turns in a row had failed. `operator`: one hung up. */
export type HangUpReason =
  | 'caller'
  | 'agent'
  | 'transferred'
  | 'gave-up'
  | 'operator'
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

/**
 * Why a call cannot be taken now; a metric's label. `overloaded`: the process is late as it is. `unknown-number`: no
 * pipeline of the service answers the number that is called. `hook`: the operator's `before_call` says no.
 */
export type RefusalReason = 'draining' | 'full' | 'overloaded' | 'unknown-number' | 'hook'

/**
 * What the caller gets in place of the agent. `refuse`: the carrier's busy tone, or what the transport says to callers
 * it turns away; `say`, where it can say anything. `elsewhere`: an answer that makes a balancer try another process. `forward`: put through to `to`.
 */
export type InsteadOfCall =
  | { readonly how: 'refuse'; readonly say?: string }
  | { readonly how: 'elsewhere' }
  | { readonly how: 'forward'; readonly to: string }

export interface CallRefusal {
  readonly refused: RefusalReason
  readonly instead: InsteadOfCall
}

/** A call that the carrier offers, before there is a stream of it. */
export interface OfferedCall {
  /** As `TransportCall.id` will be. */
  readonly id: string
  /** The number that calls, as the carrier writes it. */
  readonly from?: string | undefined
  /** The number that is called: a service of several pipelines looks here which of them answers. */
  readonly to?: string | undefined
  /** It was placed for this pipeline, whatever the numbers: see `TransportProvider.place`. */
  readonly pipeline?: string | undefined
  /** What `TransportCall.params` will hold, as far as it is known. */
  readonly values?: Readonly<Record<string, string>> | undefined
}

/** A call that the operator has placed. */
export interface OutboundCall {
  /** Whose agent speaks. */
  readonly pipeline: string
  /** Who is called: a number, or a SIP address. */
  readonly to: string
  /** The number that is shown to them. */
  readonly from: string
  /** Come back among the `params` of the call. */
  readonly values: Readonly<Record<string, string>>
}

/** Why nobody was reached by a call that was placed, as the carrier says. `failed`: there is no such number, perhaps. */
export type UnreachedReason = 'busy' | 'no-answer' | 'failed' | 'canceled'

/** A call that was placed, and is over before there was a stream of it. */
export interface UnreachedCall {
  /** As `TransportCall.id` would have been. */
  readonly id: string
  /** For which it was placed. */
  readonly pipeline: string
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Absent: somebody answered, and what came of it is told by the call itself, if it came. */
  readonly reason?: UnreachedReason | undefined
}

/** How a transport places calls. */
export interface Placing {
  /** Whose pace it is: calls out of one account share it, in the whole fleet. */
  readonly account: string
  /** So many the carrier takes a second. */
  readonly perSecond: number
  /** How long the far end rings at most. */
  readonly ringMs: number
}

/** Room for one call, kept from the moment the carrier was promised it until the call is over. */
export interface CallPlace {
  /**
   * What the operator's service said of the call: more `params`. The transport may send them along, so that a process
   * which is brought a call that another one promised knows them, too; this one knows them anyway.
   */
  readonly values?: Readonly<Record<string, string>> | undefined
  /**
   * Which pipeline has the call, for `admitPromised` of whichever process its stream comes to: up to 200 characters
   * that mean something to the host alone. The transport sends it along, sealed, so that nobody else can write one.
   */
  readonly ticket?: string | undefined
  /** The call will not come. Does nothing once it has, or after the place was given up. */
  release(): void
}

export interface RouteOptions {
  /**
   * The carrier offers calls by this route: while a request of it is answered it counts as a call, so that of those
   * that ring at once not all go to the same worker. Default false.
   */
  readonly offersCalls?: boolean
}

/** What the process lends a transport: routes on its one port, and the door for calls. */
export interface TransportHost {
  /** Adds an HTTP route (exact path). Two routes on one path and method is a start-up error. */
  route(
    method: 'GET' | 'POST',
    path: string,
    handler: (request: HttpRequest) => Promise<HttpResponse>,
    options?: RouteOptions,
  ): void
  /**
   * Adds a WebSocket (or other) upgrade route; the handler owns the socket from here. It hears of upgrades of this very
   * path, and of those of its `ownPath`.
   */
  upgrade(path: string, handler: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): void
  /**
   * The path that brings an upgrade of `path` to the process that is asked now, where a service has several: for the
   * URL in an answer that orders a stream. Under `path` itself it may come to any of them.
   */
  ownPath(path: string): string
  /**
   * Asks for room for one call, when the carrier asks for it and can still be told no. The place is free again when
   * the call has not come (`onCall`) within `withinMs`. Never rejects.
   */
  admit(call: OfferedCall, withinMs: number): CallPlace | CallRefusal | Promise<CallPlace | CallRefusal>
  /**
   * Room for a call that another process of the service has promised: it is never refused. `ticket` is that of the
   * place which was promised; without one the call is routed by the number that is called.
   */
  admitPromised(call: OfferedCall, ticket?: string): CallPlace
  /**
   * Whether `key` is shown for the first time, in all processes of the service and over a change of its files; it is
   * remembered for `withinMs` (an hour at most: `MAX_ONCE_MS`). For what may be used once. Never rejects.
   */
  once(key: string, withinMs: number): boolean | Promise<boolean>
  /**
   * A call is ready: identified, authorised, its format known. It keeps its place until it is over. The core calls
   * `open` on it synchronously.
   */
  onCall(call: TransportCall, place: CallPlace): void
  /**
   * A call that was placed is over, as the carrier says: told of each whose end it hears of, also of those that came.
   * The room that was held while it rang is free again. Told twice it is taken once. Never throws.
   */
  onPlacedOver(call: UnreachedCall): void
  /**
   * Somebody who does not prove to be the carrier offered a call, and was turned away: most often the carrier itself,
   * with a secret or an address that is set wrongly here. Every word of it may be made up. Never throws, costs little.
   */
  onUnproven(call: OfferedCall): void
}

/** Who the browser phone says it is. */
export interface BrowserCaller {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** A call that was promised to a browser: its stream brings the `parameters`, which are good for one stream. */
export interface BrowserOffer {
  /** As `TransportCall.id` will be. */
  readonly id: string
  readonly parameters: Readonly<Record<string, string>>
}

/**
 * Calls that the operator places from a browser, over the very media stream that the carrier opens: same messages,
 * same pacing, same admission. The process proves who asks (the admin token) before either is called, and takes both on
 * the operator's port: nothing of it is on the port that strangers reach.
 *
 * The media protocol is that of Twilio Media Streams, mu-law at 8 kHz: it is what the phone in the console speaks.
 */
export interface BrowserCalls {
  /**
   * What the voice webhook does for a carrier: asks for a place and promises the call.
   * @param admit as `TransportHost.admit`, for the pipeline that is called.
   */
  offer(
    caller: BrowserCaller,
    admit: (call: OfferedCall, withinMs: number) => Promise<CallPlace | CallRefusal>,
  ): Promise<BrowserOffer | CallRefusal>
  /**
   * The stream of a call that was offered. It bears no signature of a carrier's; what it was offered it has to bring.
   * The handler owns the socket from here.
   */
  receive(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/** Brings calls in. */
export interface TransportProvider {
  /** Called once, before the process listens. Does no I/O. */
  attach(host: TransportHost): void
  /** The console's phone calls by these. Absent where a browser cannot open what the carrier opens. */
  readonly browserCalls?: BrowserCalls
  /**
   * Has the carrier call somebody. Resolves with the id that the call will have, once the carrier has taken the order;
   * rejects with a `ProviderError` where it has not, or may not have; one of class `quota` says that it has not, since
   * there were too many: it is asked again a little later. The call then comes as any other, and
   * `OfferedCall.pipeline` says for whom. Else never asked twice for the same call. Absent where not possible.
   */
  place?(call: OutboundCall): Promise<{ readonly id: string }>
  /** Goes with `place`. Absent: one call a second, which rings a minute. */
  readonly placing?: Placing | undefined
  /** Ends what is left (sockets, timers). After it resolves nothing of the transport is open. */
  close(): Promise<void>
}
