import type { Clock } from '@kav/core'
import { FloodGuard } from './flood-guard.ts'
import { carriesNothing } from './ws-frame.ts'

/** Why a stream is cut off: a metric's label, and the text of the close frame. */
export type FloodReason = 'flood' | 'control-frames'

/**
 * Pings, pongs and empty pieces: each costs the work of a message and brings nothing. An honest far end sends one in
 * some seconds.
 */
export const MAX_EMPTY_PER_SECOND = 20

/** What one stream may send, counted frame by frame before anybody reads them. */
export class FrameBudget {
  readonly #messages: FloodGuard
  readonly #empty: FloodGuard

  constructor(messagesPerSecond: number, clock: Clock) {
    this.#messages = new FloodGuard(messagesPerSecond, clock)
    this.#empty = new FloodGuard(MAX_EMPTY_PER_SECOND, clock)
  }

  /** Counts the frame at `at`, whose first two bytes are there. The reason, from the moment there have been too many. */
  count(bytes: Uint8Array, at: number): FloodReason | undefined {
    if (carriesNothing(bytes, at)) return this.#empty.isFlooded() ? 'control-frames' : undefined
    return this.#messages.isFlooded() ? 'flood' : undefined
  }
}
