import { createHash } from 'node:crypto'
import type { Clock, HttpRequest } from '@kav/core'

/** As long as a transport may remember what it answered. */
const REMEMBER_MS = 5 * 60_000
const MAX_REMEMBERED = 10_000

/**
 * Which worker answered which request: one that comes again (the carrier's second try, or a recorded one) goes to the
 * one that knows it, which is also the one that has the call's place.
 */
export class RepeatedRequests {
  readonly #clock: Pick<Clock, 'nowMs'>
  readonly #slots = new Map<string, { readonly slot: number; readonly untilMs: number }>()

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock
  }

  slotOf(request: HttpRequest): number | undefined {
    const known = this.#slots.get(keyOf(request))
    return known !== undefined && known.untilMs > this.#clock.nowMs() ? known.slot : undefined
  }

  answeredBy(slot: number, request: HttpRequest): void {
    const key = keyOf(request)
    const nowMs = this.#clock.nowMs()
    this.#slots.delete(key)
    for (const [old, { untilMs }] of this.#slots) {
      if (untilMs > nowMs && this.#slots.size < MAX_REMEMBERED) break
      this.#slots.delete(old)
    }
    this.#slots.set(key, { slot, untilMs: nowMs + REMEMBER_MS })
  }
}

function keyOf({ method, url, body }: HttpRequest): string {
  return createHash('sha256').update(`${method} ${url}\n`).update(body).digest('base64')
}
