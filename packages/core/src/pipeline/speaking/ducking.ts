import type { AudioFormat } from '../../contracts/audio.ts'
import { ALAW_TO_LINEAR, MULAW_TO_LINEAR } from '../../audio/g711.ts'
import { createGain, type Gain } from '../../audio/gain.ts'

/**
 * Lowers the agent's voice while the caller makes a sound over it that may be no more than a listener's: nothing of
 * what is said is lost, and no hole is heard. What is soft in the voice already is lowered by less, or would be one.
 * It goes down and up over one frame, so that nothing clicks. What the far end holds already (`LEAD_MS`) is as loud as
 * it was.
 */
export interface Ducking {
  ducked: boolean
  /** One frame that goes out now, in place. */
  apply(frame: Uint8Array): void
}

/** From full to ducked. */
const STEPS = 6
const STEPS_A_FRAME = 3
/** How fast the voice's own level is learnt, upwards and down; and what is too soft to be learnt from. */
const RISES = 0.1
const FALLS = 0.02
const PAUSE_SHARE = 0.03
/** Every so many samples are looked at. */
const LOOKS_AT = 4

/** @param db Below 0: how much softer. 0: never. */
export function createDucking(format: AudioFormat, db: number): Ducking {
  return new FrameDucking(format, db)
}

/** A class: this runs for every frame of every call. */
class FrameDucking implements Ducking {
  ducked = false
  #step = 0
  #wasDucked = false
  readonly #format: AudioFormat
  readonly #db: number
  /** Mean square of the voice, its pauses left out. */
  #voicePower = 0
  /** By step. Fetched when it first ducks: most calls never do. */
  #gains: readonly Gain[] | undefined

  constructor(format: AudioFormat, db: number) {
    this.#format = format
    this.#db = db
  }

  apply(frame: Uint8Array): void {
    if (this.#db === 0) return
    const power = powerOf(frame, this.#format.encoding)
    this.#learn(power)
    const wanted = this.ducked ? this.#stepFor(power) : 0
    // A syllable that begins louder than it was foretold is no click.
    const most = this.#wasDucked ? STEPS : this.#step + STEPS_A_FRAME
    this.#step = Math.max(this.#step - STEPS_A_FRAME, Math.min(wanted, most))
    this.#wasDucked = this.ducked
    if (this.#step === 0) return
    this.#gains ??= gainsFor(this.#format, this.#db)
    this.#gains[this.#step - 1]!(frame)
  }

  #learn(power: number): void {
    const known = this.#voicePower
    if (power > known) this.#voicePower += (known === 0 ? 1 : RISES) * (power - known)
    else if (power > known * PAUSE_SHARE) this.#voicePower += FALLS * (power - known)
  }

  /** No frame becomes softer than the voice does as a whole. */
  #stepFor(power: number): number {
    if (power >= this.#voicePower) return STEPS
    const belowVoiceDb = 10 * Math.log10(Math.max(power, 1) / this.#voicePower)
    return Math.max(0, Math.round(STEPS * (1 - belowVoiceDb / this.#db)))
  }
}

function powerOf(frame: Uint8Array, encoding: AudioFormat['encoding']): number {
  let squares = 0
  let count = 0
  if (encoding === 'linear16') {
    for (let at = 0; at + 1 < frame.length; at += 2 * LOOKS_AT, count++) {
      const sample = ((frame[at]! | (frame[at + 1]! << 8)) << 16) >> 16
      squares += sample * sample
    }
  } else {
    const table = encoding === 'mulaw' ? MULAW_TO_LINEAR : ALAW_TO_LINEAR
    for (let at = 0; at < frame.length; at += LOOKS_AT, count++) squares += table[frame[at]!]! ** 2
  }
  return count === 0 ? 0 : squares / count
}

/** A few tables for all calls. */
const tables = new Map<string, readonly Gain[]>()

function gainsFor(format: AudioFormat, db: number): readonly Gain[] {
  const key = `${format.encoding} ${db}`
  let gains = tables.get(key)
  if (gains === undefined) {
    gains = Array.from({ length: STEPS }, (_, at) => createGain(format, (db * (at + 1)) / STEPS))
    tables.set(key, gains)
  }
  return gains
}
