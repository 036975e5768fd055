import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { AudioFormat, HangUpReason, Metrics, TransportCall, TransportCallHandlers } from '@kav/core'
import { CallEnding, type CallEndingParts } from '../rest/call-ending.ts'
import { HeldEvents } from './held-events.ts'
import { createPendingMarks } from './pending-marks.ts'
import { StreamWriter } from './stream-writer.ts'

export interface TwilioCallOptions extends CallEndingParts {
  readonly streamSid: string
  readonly format: AudioFormat
  readonly params: Readonly<Record<string, string>>
  readonly socket: WebSocket
  /** What was upgraded: media is written to it directly. */
  readonly connection: Duplex
}

/** What the stream holds of a call. */
export interface TwilioCall {
  /** What the core holds of it. */
  readonly transportCall: TransportCall
  media(audio: Uint8Array): void
  dtmf(digit: string): void
  markReturned(name: string): void
  readonly isOver: boolean
  /** The stream is over. Only the first time counts. */
  end(reason: HangUpReason): void
}

const OPEN = 1

export function createTwilioCall(options: TwilioCallOptions): TwilioCall {
  return new Call(options)
}

/** One call, for both sides in one object; who holds it as one cannot name the other. It is visited for every frame. */
class Call implements TransportCall, TwilioCall {
  readonly id: string
  readonly format: AudioFormat
  readonly params: Readonly<Record<string, string>>
  readonly transfer?: (to: string) => Promise<void>
  readonly #socket: WebSocket
  readonly #connection: Duplex
  readonly #writer: StreamWriter
  /** Of the core, once it has opened the call; before that they hold what comes. */
  #handlers: TransportCallHandlers
  #over = false
  readonly #held: HeldEvents
  readonly #marks = createPendingMarks()
  readonly #metrics: Metrics
  readonly #ending: CallEnding

  constructor(options: TwilioCallOptions) {
    const { socket, connection, control, context } = options
    this.id = options.callSid
    this.format = options.format
    this.params = options.params
    this.#socket = socket
    this.#connection = connection
    this.#writer = new StreamWriter(socket, connection, options.streamSid)
    this.#metrics = context.metrics
    this.#held = new HeldEvents(() => this.#metrics.count('twilio_held_events_dropped_total'))
    this.#handlers = this.#held
    this.#ending = new CallEnding(options)
    if (control !== undefined) this.transfer = (to) => this.#ending.transfer(control, to)
  }

  get transportCall(): TransportCall {
    return this
  }

  get isOver(): boolean {
    return this.#over
  }

  get bufferedBytes(): number {
    return this.#over ? 0 : this.#connection.writableLength
  }

  open(handlers: TransportCallHandlers): void {
    if (this.#handlers !== this.#held) return
    this.#handlers = handlers
    this.#held.deliver(handlers)
  }

  send(frame: Uint8Array): void {
    if (this.#writable) this.#writer.media(frame)
  }

  mark(name: string): void {
    if (!this.#writable) return
    this.#marks.sent(name)
    this.#writer.mark(name)
  }

  clear(): void {
    if (!this.#writable) return
    this.#marks.cleared()
    this.#writer.clear()
  }

  hangUp(): Promise<void> {
    return this.#ending.hangUp()
  }

  media(audio: Uint8Array): void {
    if (!this.#over) this.#handlers.onMedia(audio)
  }

  dtmf(digit: string): void {
    if (!this.#over) this.#handlers.onDtmf(digit)
  }

  markReturned(name: string): void {
    if (this.#over) return
    const state = this.#marks.returned(name)
    this.#metrics.count('twilio_marks_total', 1, { state })
    if (state !== 'unknown') this.#handlers.onMark(name)
  }

  end(reason: HangUpReason): void {
    if (this.#over) return
    this.#over = true
    this.#handlers.onHangUp(this.#ending.over(reason))
  }

  get #writable(): boolean {
    return !this.#over && this.#socket.readyState === OPEN
  }
}
