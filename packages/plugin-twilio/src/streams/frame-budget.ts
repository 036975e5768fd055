import type { Clock } from '@kav/core'
import { FloodGuard } from './flood-guard.ts'
import { carriesNothing } from './ws-frame.ts'

/** Why a stream is cut off: a metric's label, and the text of the close frame. */
export type FloodReason = 'flood' | 'control-frames' | 'bytes'

/**
 * Pings, pongs and empty pieces: each costs the work of a message and brings nothing. An honest far end sends one in
 * some seconds.
 */
const MAX_EMPTY_PER_SECOND = 20

/** A carrier's media is 15 KB a second. */
const LEAST_BYTES_PER_SECOND = 131_072
const CHECK_BYTES_EVERY = 16_384
/** `connected` and `start`, with all parameters a call can have. Before them everybody may be at the other end. */
const MAX_BYTES_BEFORE_START = 32_768
const MAX_FRAMES_BEFORE_START = 32

/** What one stream may send, counted frame by frame before anybody reads them. */
export class FrameBudget {
  /** How much of what a reason is about is allowed in a second. */
  readonly allowed: Readonly<Record<FloodReason, number>>
  readonly #messages: FloodGuard
  readonly #empty: FloodGuard
  readonly #bytes: FloodGuard
  #framesBeforeStart = 0
  #bytesBeforeStart = 0
  #started = false

  constructor(limits: { readonly messagesPerSecond: number; readonly messageBytes: number }, clock: Clock) {
    const { messagesPerSecond, messageBytes } = limits
    const bytesPerSecond = Math.max(LEAST_BYTES_PER_SECOND, messageBytes)
    this.allowed = {
      flood: messagesPerSecond,
      'control-frames': MAX_EMPTY_PER_SECOND,
      bytes: bytesPerSecond,
    }
    this.#messages = new FloodGuard(messagesPerSecond, clock)
    this.#empty = new FloodGuard(MAX_EMPTY_PER_SECOND, clock)
    this.#bytes = new FloodGuard(bytesPerSecond, clock, CHECK_BYTES_EVERY)
  }

  /** The far end has proved that it is the carrier. */
  started(): void {
    this.#started = true
  }

  get isStarted(): boolean {
    return this.#started
  }

  /**
   * Counts the frame at `at`, whose head is there and which is `length` bytes long. The reason, from the moment there
   * has been too much.
   */
  count(bytes: Uint8Array, at: number, length: number): FloodReason | undefined {
    if (!this.#started) {
      if (++this.#framesBeforeStart > MAX_FRAMES_BEFORE_START) return 'flood'
      if ((this.#bytesBeforeStart += length) > MAX_BYTES_BEFORE_START) return 'bytes'
    }
    if (this.#bytes.isFlooded(length)) return 'bytes'
    if (carriesNothing(bytes, at)) return this.#empty.isFlooded() ? 'control-frames' : undefined
    return this.#messages.isFlooded() ? 'flood' : undefined
  }
}
