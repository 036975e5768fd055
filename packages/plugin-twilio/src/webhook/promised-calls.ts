import type { CallPlace, Clock } from '@kav/core'

/** Calls whose stream was ordered here and has not come: each has its place for a while. */
export class PromisedCalls {
  readonly #ttlMs: number
  readonly #clock: Pick<Clock, 'nowMs'>
  /** By CallSid, in the order in which they are given up. */
  readonly #places = new Map<string, { readonly place: CallPlace; readonly untilMs: number }>()

  constructor(ttlMs: number, clock: Pick<Clock, 'nowMs'>) {
    this.#ttlMs = ttlMs
    this.#clock = clock
  }

  add(callSid: string, place: CallPlace): void {
    // The carrier asks once more when our answer was lost: still one call.
    this.take(callSid)?.release()
    this.#forgetExpired()
    this.#places.set(callSid, { place, untilMs: this.#clock.nowMs() + this.#ttlMs })
  }

  take(callSid: string): CallPlace | undefined {
    const place = this.#places.get(callSid)?.place
    this.#places.delete(callSid)
    return place
  }

  /** The host gives the places themselves up by its own clock. */
  #forgetExpired(): void {
    const nowMs = this.#clock.nowMs()
    for (const [callSid, { untilMs }] of this.#places) {
      if (untilMs > nowMs) return
      this.#places.delete(callSid)
    }
  }
}
