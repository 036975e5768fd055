import type { HangUpReason, TransportCallHandlers } from '@kav/core'

/** Four seconds of frames: what the core's own receive queue would have kept. */
const MAX_HELD = 200
/** Of audio: four seconds of the largest format there is. A frame may be as long as a message. */
const MAX_HELD_BYTES = 4 * 96_000

/** Stands for handlers that are not there yet: what comes early is held, and delivered when they are. */
export class HeldEvents implements TransportCallHandlers {
  readonly #held: ((to: TransportCallHandlers) => void)[] = []
  readonly #onDropped: () => void
  #heldBytes = 0

  /** `onDropped` hears of each event that found no room. The end of the call always has room. */
  constructor(onDropped: () => void) {
    this.#onDropped = onDropped
  }

  deliver(to: TransportCallHandlers): void {
    for (const event of this.#held.splice(0)) event(to)
  }

  onMedia(audio: Uint8Array): void {
    if (this.#heldBytes + audio.length > MAX_HELD_BYTES) return this.#onDropped()
    this.#heldBytes += audio.length
    const kept = Uint8Array.from(audio)
    this.#hold((to) => to.onMedia(kept))
  }

  onDtmf(digit: string): void {
    this.#hold((to) => to.onDtmf(digit))
  }

  onMark(name: string): void {
    this.#hold((to) => to.onMark(name))
  }

  onHangUp(reason: HangUpReason): void {
    this.#held.push((to) => to.onHangUp(reason))
  }

  #hold(event: (to: TransportCallHandlers) => void): void {
    if (this.#held.length < MAX_HELD) this.#held.push(event)
    else this.#onDropped()
  }
}
