import type { HangUpReason, TransportCallHandlers } from '@kav/core'

/** Four seconds of frames: what the core's own receive queue would have kept. */
const MAX_FRAMES = 200
/** Of audio: four seconds of the largest format there is. A frame may be as long as a message. */
const MAX_AUDIO_BYTES = 4 * 96_000
/** Keys and marks: more than a person presses while a call is being taken. */
const MAX_OTHERS = 200

interface HeldEvent {
  /** Of audio; absent: it is none. */
  readonly bytes?: number
  tell(to: TransportCallHandlers): void
}

/**
 * Stands for handlers that are not there yet: what comes early is held, and delivered in its order when they are. Of
 * the audio the newest is kept, as in the core; no amount of it costs a key or a mark.
 */
export class HeldEvents implements TransportCallHandlers {
  readonly #held: HeldEvent[] = []
  readonly #onDropped: () => void
  #frames = 0
  #audioBytes = 0
  #others = 0

  /** `onDropped` hears of each event that found no room. The end of the call always has room. */
  constructor(onDropped: () => void) {
    this.#onDropped = onDropped
  }

  deliver(to: TransportCallHandlers): void {
    for (const event of this.#held.splice(0)) event.tell(to)
  }

  onMedia(audio: Uint8Array): void {
    const kept = Uint8Array.from(audio)
    this.#held.push({ bytes: kept.length, tell: (to) => to.onMedia(kept) })
    this.#frames++
    this.#audioBytes += kept.length
    while (this.#frames > MAX_FRAMES || this.#audioBytes > MAX_AUDIO_BYTES) this.#dropOldest()
  }

  onDtmf(digit: string): void {
    this.#hold((to) => to.onDtmf(digit))
  }

  onMark(name: string): void {
    this.#hold((to) => to.onMark(name))
  }

  onHangUp(reason: HangUpReason): void {
    this.#held.push({ tell: (to) => to.onHangUp(reason) })
  }

  #hold(tell: HeldEvent['tell']): void {
    if (this.#others === MAX_OTHERS) return this.#onDropped()
    this.#others++
    this.#held.push({ tell })
  }

  #dropOldest(): void {
    const at = this.#held.findIndex(({ bytes }) => bytes !== undefined)
    const [dropped] = this.#held.splice(at, 1)
    this.#frames--
    this.#audioBytes -= dropped?.bytes ?? 0
    this.#onDropped()
  }
}
