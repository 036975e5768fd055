import { createHash } from 'node:crypto'
import type { Clock, HttpRequest } from '@kav/core'
import { ExpiringMap } from '@kav/core/kit'

/** As long as a transport may remember what it answered. */
const REMEMBER_MS = 5 * 60_000
const MAX_REMEMBERED = 10_000

/**
 * Which worker answered which request: one that comes again (the carrier's second try, or a recorded one) goes to the
 * one that knows it, which is also the one that has the call's place.
 */
export class RepeatedRequests {
  readonly #slots: ExpiringMap<number>

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#slots = new ExpiringMap({ clock, maxKeys: MAX_REMEMBERED })
  }

  slotOf(request: HttpRequest): number | undefined {
    return this.#slots.get(keyOf(request))
  }

  answeredBy(slot: number, request: HttpRequest): void {
    this.#slots.set(keyOf(request), slot, REMEMBER_MS)
  }
}

function keyOf({ method, url, body }: HttpRequest): string {
  return createHash('sha256').update(`${method} ${url}\n`).update(body).digest('base64')
}
