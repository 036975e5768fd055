import type { HangUpReason, TransportCallHandlers } from '@kav/core'

/** Four seconds of frames: what the core's own receive queue would have kept. */
const MAX_HELD = 200

/** Stands for handlers that are not there yet: what comes early is held, and delivered when they are. */
export class HeldEvents implements TransportCallHandlers {
  readonly #held: ((to: TransportCallHandlers) => void)[] = []
  readonly #onDropped: () => void

  /** `onDropped` hears of each event that found no room. The end of the call always has room. */
  constructor(onDropped: () => void) {
    this.#onDropped = onDropped
  }

  deliver(to: TransportCallHandlers): void {
    for (const event of this.#held.splice(0)) event(to)
  }

  onMedia(audio: Uint8Array): void {
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
