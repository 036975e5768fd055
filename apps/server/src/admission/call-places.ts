import type { CallPlace, Clock } from '@kav/core'
import { settleWithin } from '@kav/core/kit'
import type { CallRoom } from './call-rooms.ts'

interface Held {
  readonly room: CallRoom
  /** When a promised call is given up; `undefined` once it has come. */
  readonly untilMs: number | undefined
}

/** The places that were given for calls of one pipeline, each with the room that it holds. */
export class CallPlaces {
  readonly #clock: Clock
  readonly #onExpired: () => void
  readonly #running = new Map<CallPlace, Held>()
  /** In the order of their making. */
  readonly #promised = new Map<CallPlace, Held>()
  #onNoneAwaited = (): void => undefined

  constructor(clock: Clock, onExpired: () => void) {
    this.#clock = clock
    this.#onExpired = onExpired
  }

  promise(room: CallRoom, withinMs: number): CallPlace {
    const place: CallPlace = { release: () => this.#forget(place) }
    this.#promised.set(place, { room, untilMs: this.#clock.nowMs() + withinMs })
    return place
  }

  /** Of a call that comes at once. */
  add(room: CallRoom): CallPlace {
    const place: CallPlace = { release: () => this.leave(place) }
    this.#running.set(place, { room, untilMs: undefined })
    return place
  }

  /** @param adopt room for a call that comes after its place was given up. */
  taken(place: CallPlace, adopt: () => CallRoom): void {
    if (this.#running.has(place)) return
    const room = this.#promised.get(place)?.room ?? adopt()
    room.taken()
    this.#running.set(place, { room, untilMs: undefined })
    if (this.#promised.delete(place)) this.#tellNoneAwaited()
  }

  leave(place: CallPlace): void {
    this.#running.get(place)?.room.release()
    this.#running.delete(place)
  }

  giveUpExpired(): void {
    const nowMs = this.#clock.nowMs()
    for (const [place, { untilMs }] of this.#promised) {
      if (untilMs! > nowMs) continue
      this.#onExpired()
      this.#forget(place)
    }
  }

  get promised(): number {
    return this.#promised.size
  }

  get running(): number {
    return this.#running.size
  }

  async noneAwaited(limitMs: number): Promise<void> {
    this.giveUpExpired()
    if (this.#promised.size === 0) return
    await settleWithin(this.#clock, limitMs, new Promise<void>((resolve) => (this.#onNoneAwaited = resolve)))
  }

  #forget(place: CallPlace): void {
    this.#promised.get(place)?.room.release()
    if (this.#promised.delete(place)) this.#tellNoneAwaited()
  }

  #tellNoneAwaited(): void {
    if (this.#promised.size === 0) this.#onNoneAwaited()
  }
}
