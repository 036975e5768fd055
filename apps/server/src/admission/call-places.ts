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
  /** Calls for whose room somebody else is asked. */
  #asking = 0
  /** Several may wait: who closes a pipeline that was replaced, and who ends the process. */
  readonly #waiting = new Set<() => void>()

  constructor(clock: Clock, onExpired: () => void) {
    this.#clock = clock
    this.#onExpired = onExpired
  }

  promise(room: CallRoom, withinMs: number): CallPlace {
    const place: CallPlace = { release: () => this.#forget(place) }
    this.#promised.set(place, { room, untilMs: this.#clock.nowMs() + withinMs })
    return place
  }

  /** The same where others are asked for the room, which never rejects. `undefined`: there is none. */
  async promiseOf(asked: Promise<CallRoom | undefined>, withinMs: number): Promise<CallPlace | undefined> {
    this.#asking++
    const room = await asked
    const place = room && this.promise(room, withinMs)
    this.#asking--
    if (place === undefined) this.#tellNoneAwaited()
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
    this.#giveUp(({ untilMs }) => untilMs! <= nowMs)
  }

  get promised(): number {
    return this.#promised.size
  }

  get running(): number {
    return this.#running.size
  }

  async noneAwaited(limitMs: number): Promise<void> {
    this.giveUpExpired()
    if (this.#isNoneAwaited) return
    await settleWithin(this.#clock, limitMs, new Promise<void>((resolve) => this.#waiting.add(resolve)))
    // Nobody asks this pipeline again, and the one that has replaced it has the same rooms.
    this.#giveUp(() => true)
  }

  #giveUp(which: (held: Held) => boolean): void {
    for (const [place, held] of this.#promised) {
      if (!which(held)) continue
      this.#onExpired()
      this.#forget(place)
    }
  }

  #forget(place: CallPlace): void {
    this.#promised.get(place)?.room.release()
    if (this.#promised.delete(place)) this.#tellNoneAwaited()
  }

  #tellNoneAwaited(): void {
    if (!this.#isNoneAwaited) return
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  get #isNoneAwaited(): boolean {
    return this.#promised.size === 0 && this.#asking === 0
  }
}
