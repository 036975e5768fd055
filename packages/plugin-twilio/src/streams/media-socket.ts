import type { RawData, WebSocket } from 'ws'
import type { CallPlace, HangUpReason, Logger, PluginContext, TransportCall } from '@kav/core'
import type { FloodReason } from './frame-budget.ts'
import { IgnoredMessages, MAX_BAD_PER_SECOND } from './ignored-messages.ts'
import { Liveness } from './liveness.ts'
import { scanMedia, SCAN_MISS } from './message-scan.ts'
import { parseMessage, type StreamMessage, type StreamStart } from './messages.ts'
import type { TwilioSettings } from '../params/params.ts'
import type { MediaReader, StreamConnection } from './stream-connection.ts'
import type { TwilioCall } from './twilio-call.ts'

/** Why a stream is turned away: a metric's label, and the text of the close frame. */
export type StartRefusal = { readonly closeCode: number; readonly reason: string; readonly detail?: string }

/** A stream that has become a call, as far as it can be judged here. */
export interface AdmittedStream {
  readonly call: TwilioCall
  /** A promise where others have a say: what comes meanwhile is held. Never rejects. */
  readonly place: CallPlace | Promise<CallPlace | StartRefusal>
}

export interface MediaSocketOptions {
  readonly socket: WebSocket
  /** What the socket was upgraded from: media is read off it directly. */
  readonly connection: StreamConnection
  readonly settings: TwilioSettings
  readonly context: PluginContext
  /** For a stream that has not started: everybody can open one. */
  readonly limitedLog: Logger
  /** Room to decode one message into; shared by all streams, because a message is handled in one go. */
  readonly scratch: Buffer
  /** Judges `start` and makes the call, or says why not. */
  admit(start: StreamStart, stream: MediaSocket): AdmittedStream | StartRefusal
  /** The call is ready for the core. */
  onCall(call: TransportCall, place: CallPlace): void
  onStarted(): void
  /** Nothing of this stream is left. */
  onGone(): void
}

/** One stream's socket, from the upgrade to its last byte. */
export interface MediaSocket {
  /** Closes with a WebSocket close code (RFC 6455 section 7.4); a call that is still on ends for `reason`. */
  close(code: number, text: string, reason: HangUpReason): void
}

/** How long Twilio has to close the socket after `stop`. */
const STOP_GRACE_MS = 2000
/** Half a second of audio and more: who is behind by so much has more urgent things to read than a pong. */
const MAX_UNSENT_BYTES = 16_384
/** The connection is gone without a close frame. */
const CLOSED_ABNORMALLY = 1006

export function runMediaSocket(options: MediaSocketOptions): MediaSocket {
  const stream = new Stream(options)
  stream.listen()
  return stream
}

/** A class: it is visited for every frame. */
class Stream implements MediaSocket, MediaReader {
  readonly #scratch: Buffer
  #audio: Uint8Array = new Uint8Array(0)
  #call: TwilioCall | undefined
  #phase: 'waiting' | 'live' | 'over' = 'waiting'
  readonly #liveness: Liveness
  readonly #ignored: IgnoredMessages
  readonly #options: MediaSocketOptions
  #failed = false
  readonly #cancelStartDeadline: () => void
  #cancelStopGrace = (): void => undefined

  constructor(options: MediaSocketOptions) {
    const { socket, settings, context, scratch } = options
    this.#options = options
    this.#scratch = scratch
    this.#ignored = new IgnoredMessages(context, options.limitedLog)
    this.#cancelStartDeadline = context.clock.after(settings.start_timeout_ms, () =>
      this.#refuse({
        closeCode: 1008,
        reason: 'start-timeout',
        detail: `not started within ${settings.start_timeout_ms} ms`,
      }),
    )
    this.#liveness = new Liveness(socket, settings.ping_interval_ms, context.clock, () => this.#dead())
  }

  listen(): void {
    const { socket, connection } = this.#options
    connection.onFlood = (reason, allowed) => this.#flooded(reason, allowed)
    socket.on('ping', (payload) => this.#pong(payload))
    socket.on('message', (data, isBinary) => this.#guarded(() => this.#receive(data, isBinary)))
    socket.on('error', (error) => this.#socketFailed(error))
    socket.on('close', (code) => this.#closed(code))
  }

  close(code: number, text: string, reason: HangUpReason): void {
    this.#finish(reason)
    this.#cancelStopGrace()
    this.#options.socket.close(code, text)
  }

  readMedia(text: Uint8Array, length: number): boolean {
    const bytes = scanMedia(text, length, this.#scratch)
    if (bytes <= 0) return false
    try {
      if (this.#admits()) this.#deliver(bytes)
    } catch (thrown) {
      this.#ignored.failed(thrown)
    }
    return true
  }

  /** `false`: the message is not to be looked at. */
  #admits(): boolean {
    if (this.#phase === 'over') return false
    this.#liveness.alive()
    return true
  }

  /** Those whose far end does not read them are left out: they would pile up. */
  #pong(payload: Buffer): void {
    const { socket, connection, context } = this.#options
    if (connection.unsentBytes > MAX_UNSENT_BYTES) return context.metrics.count('twilio_pongs_left_out_total')
    socket.pong(payload)
  }

  /**
   * Lends the first bytes of the scratch; the view is kept, since one frame is as long as the last. A plain
   * Uint8Array, because `slice` of a Buffer would not copy.
   */
  #deliver(bytes: number): void {
    if (this.#audio.length !== bytes) {
      this.#audio = new Uint8Array(this.#scratch.buffer, this.#scratch.byteOffset, bytes)
    }
    this.#call!.media(this.#audio)
  }

  /** What ws has read: all that is not media, and media that is not as Twilio writes it. */
  #receive(data: RawData, isBinary: boolean): void {
    if (!this.#admits()) return
    if (isBinary) return this.#ignore('binary')
    const message = data as Buffer
    if (this.#call !== undefined) {
      const bytes = scanMedia(message, message.length, this.#scratch)
      if (bytes > 0) return this.#deliver(bytes)
      if (bytes !== SCAN_MISS) return this.#ignore('other-track')
    }
    this.#handle(parseMessage(message.toString('utf8')))
  }

  #handle(message: StreamMessage): void {
    const call = this.#call
    if (message.event === 'connected') {
      if (this.#phase !== 'waiting') this.#ignore('late-connected')
    } else if (message.event === 'start') this.#start(message.start)
    else if (message.event === 'stop') this.#stop()
    else if (message.event === 'unknown') this.#ignore('unknown-event', message.name.slice(0, 40))
    else if (message.event === 'unreadable') this.#ignore(message.problem)
    else if (call === undefined) this.#ignore('before-start')
    else if (message.event === 'media') this.#media(message)
    else if (message.event === 'dtmf') call.dtmf(message.digit)
    else call.markReturned(message.name)
  }

  #start(message: StreamStart): void {
    if (this.#phase !== 'waiting') return this.#ignore('second-start')
    const admitted = this.#options.admit(message, this)
    if ('closeCode' in admitted) return this.#refuse(admitted, message.callSid)
    const { call, place } = admitted
    this.#call = call
    this.#phase = 'live'
    this.#options.connection.started(this)
    if (!(place instanceof Promise)) return this.#begin(message, call.transportCall, place)
    void place.then((answer) =>
      this.#guarded(() => {
        if (!('closeCode' in answer)) this.#begin(message, call.transportCall, answer)
        else if (this.#phase !== 'over') this.#refuse(answer, message.callSid)
      }),
    )
  }

  #begin({ streamSid }: StreamStart, call: TransportCall, place: CallPlace): void {
    const { context, onStarted, onCall } = this.#options
    if (this.#phase === 'over') {
      // Its caller was gone before it was known whether the call may begin.
      context.metrics.count('twilio_streams_refused_total', 1, { reason: 'closed-before-start' })
      return place.release()
    }
    this.#cancelStartDeadline()
    this.#ignored.log = context.log.child({ call: call.id })
    this.#log.info({ streamSid }, 'TWILIO: stream started')
    context.metrics.count('twilio_streams_started_total')
    onStarted()
    try {
      onCall(call, place)
    } catch (thrown) {
      this.close(1011, 'internal error', 'transport-error')
      throw thrown
    }
  }

  #media(message: StreamMessage & { event: 'media' }): void {
    if (!message.inbound) return this.#ignore('other-track')
    this.#options.context.metrics.count('twilio_media_parsed_total')
    const bytes = this.#scratch.write(message.payload, 'base64')
    if (bytes === 0) return this.#ignore('bad-payload')
    this.#deliver(bytes)
  }

  #stop(): void {
    if (this.#call === undefined) return this.#refuse({ closeCode: 1008, reason: 'stop-before-start' })
    this.#finish('caller')
    // Twilio closes the socket itself; closing first would show as an error (31921) in the account's console.
    const { clock } = this.#options.context
    this.#cancelStopGrace = clock.after(STOP_GRACE_MS, () => this.close(1000, 'stopped', 'caller'))
  }

  #ignore(reason: string, detail?: string): void {
    if (this.#ignored.count(reason, detail)) this.#cutOff('bad-messages', MAX_BAD_PER_SECOND)
  }

  #refuse(refusal: StartRefusal, callSid?: string): void {
    const { closeCode, reason, detail } = refusal
    this.#options.context.metrics.count('twilio_streams_refused_total', 1, { reason })
    this.#log.warn({ call: callSid, reason, detail }, 'TWILIO: stream refused')
    this.#shut(closeCode, reason, 'rejected')
  }

  #flooded(reason: FloodReason, allowedPerSecond: number): void {
    const { connection } = this.#options
    // One that was over already has heard why; and more is not waited for.
    if (this.#phase === 'over') return connection.cutOff()
    this.#cutOff(reason, allowedPerSecond)
  }

  #cutOff(reason: FloodReason | 'bad-messages', allowedPerSecond: number): void {
    this.#options.context.metrics.count('twilio_streams_cut_off_total', 1, { reason })
    this.#log.error({ reason, allowedPerSecond }, 'TWILIO: stream cut off')
    this.#shut(1008, reason, 'transport-error')
  }

  /** Says why, and hears nothing more: what else would come is not worth reading. */
  #shut(code: number, text: string, reason: HangUpReason): void {
    this.close(code, text, reason)
    this.#options.connection.cutOff()
  }

  #dead(): void {
    const { socket, settings } = this.#options
    this.#log.warn({ pingIntervalMs: settings.ping_interval_ms }, 'TWILIO: stream is dead, dropping it')
    this.#finish('transport-error')
    socket.terminate()
  }

  #socketFailed(error: Error): void {
    this.#failed = true
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    this.#options.context.metrics.count('twilio_socket_errors_total', 1, { code })
    this.#log.warn({ code, detail: error.message }, 'TWILIO: socket error')
    this.#finish('transport-error')
  }

  #closed(code: number): void {
    const { context, onGone } = this.#options
    if (this.#phase === 'waiting') {
      context.metrics.count('twilio_streams_refused_total', 1, { reason: 'closed-before-start' })
    }
    this.#finish(code === CLOSED_ABNORMALLY || this.#failed ? 'transport-error' : 'caller')
    this.#liveness.stop()
    this.#cancelStopGrace()
    onGone()
  }

  /** Ends the call (once) and stops reading; the socket itself may live a little longer. */
  #finish(reason: HangUpReason): void {
    if (this.#phase === 'over') return
    this.#phase = 'over'
    this.#cancelStartDeadline()
    this.#call?.end(reason)
  }

  #guarded(handle: () => void): void {
    try {
      handle()
    } catch (thrown) {
      this.#ignored.failed(thrown)
    }
  }

  get #log(): PluginContext['log'] {
    return this.#ignored.log
  }
}
