import type { AudioFormat } from '../../contracts/audio.ts'
import { createGain, type Gain } from '../../audio/gain.ts'

/**
 * Lowers the agent's voice while the caller makes a sound over it that may be no more than a listener's: nothing of
 * what is said is lost, and no hole is heard. It goes down and up over one frame, so that nothing clicks. What the far
 * end holds already (`LEAD_MS`) is as loud as it was.
 */
export interface Ducking {
  ducked: boolean
  /** One frame that goes out now, in place. */
  apply(frame: Uint8Array): void
}

const FULL = 0
const HALF = 1
const DUCKED = 2

/** @param db Below 0: how much softer. 0: never. */
export function createDucking(format: AudioFormat, db: number): Ducking {
  return new FrameDucking(format, db)
}

/** A class: this runs for every frame of every call. */
class FrameDucking implements Ducking {
  ducked = false
  #level = FULL
  readonly #format: AudioFormat
  readonly #db: number
  /** Made by the first call for them: most calls never duck. */
  #half: Gain | undefined
  #full: Gain | undefined

  constructor(format: AudioFormat, db: number) {
    this.#format = format
    this.#db = db
  }

  apply(frame: Uint8Array): void {
    const wanted = this.ducked ? DUCKED : FULL
    if (this.#level !== wanted) this.#level += wanted > this.#level ? 1 : -1
    if (this.#level === FULL || this.#db === 0) return
    if (this.#level === HALF) (this.#half ??= createGain(this.#format, this.#db / 2))(frame)
    else (this.#full ??= createGain(this.#format, this.#db))(frame)
  }
}
