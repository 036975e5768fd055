import type { DenoiseSession } from '../../../contracts/denoise.ts'

/** Why a caller is heard with the noise, the label of `denoise_bypassed_total`. */
export type BypassReason =
  /** It has not given a piece back in time: it hangs, or falls behind. */
  | 'late'
  /** It threw, or rejected a piece. */
  | 'failed'
  /** It opened no session. */
  | 'refused'
  /** It was late a moment ago, and is not asked. */
  | 'resting'

/** One caller's way through the filter. */
export interface DenoiseLine {
  /**
   * Cleans the samples where they are, and tells so once, perhaps before it returns. `false`: they are void, the memory
   * may be written to at any later time, and the line is closed. One piece at a time.
   */
  clean(samples: Int16Array, onDone: (isClean: boolean) => void): void
  /** From here on the caller is heard without. */
  bypass(reason: BypassReason): void
  /** The piece under way, if any, is told of no more. */
  close(): void
}

export interface LineEvents {
  onBypass(reason: BypassReason, thrown?: unknown): void
  /** A piece is under way from now on. */
  onBegun(line: Line): void
  onOver(line: Line): void
}

/** A class: it is asked 25 times a second. */
export class Line implements DenoiseLine {
  /** At the piece under way. */
  looks = 0
  readonly #session: DenoiseSession
  readonly #events: LineEvents
  #onDone: ((isClean: boolean) => void) | undefined
  #isClosed = false

  constructor(session: DenoiseSession, events: LineEvents) {
    this.#session = session
    this.#events = events
  }

  clean(samples: Int16Array, onDone: (isClean: boolean) => void): void {
    if (this.#isClosed) return onDone(false)
    this.#onDone = onDone
    this.looks = 0
    try {
      const cleaning = this.#session.clean(samples)
      if (cleaning === undefined) return this.#settle(true)
      this.#events.onBegun(this)
      // Whatever it is: `then` of a plugin's own object may throw, or call back at once.
      Promise.resolve(cleaning).then(this.#cleaned, this.#failed)
    } catch (thrown) {
      this.#failed(thrown)
    }
  }

  bypass(reason: BypassReason, thrown?: unknown): void {
    if (this.#isClosed) return
    this.#end()
    this.#events.onBypass(reason, thrown)
    this.#settle(false)
  }

  close(): void {
    if (this.#isClosed) return
    this.#onDone = undefined
    this.#end()
  }

  readonly #cleaned = (): void => this.#settle(true)

  readonly #failed = (thrown: unknown): void => this.bypass('failed', thrown)

  #settle(isClean: boolean): void {
    const onDone = this.#onDone
    if (!onDone) return
    this.#onDone = undefined
    this.#events.onOver(this)
    onDone(isClean)
  }

  #end(): void {
    this.#isClosed = true
    this.#events.onOver(this)
    try {
      this.#session.close()
    } catch {
      // It is left either way.
    }
  }
}
