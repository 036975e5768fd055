import { BANDS, CELL_MS } from './band-ring.ts'
import type { HeardSound } from './heard-sound.ts'
import type { PlayedVoice } from './played-voice.ts'

/** Room, loudspeaker and line are no single delay, and the playout clock is right to some milliseconds. */
const AROUND_CELLS = 2
/** By so much louder than foretold may an echo be. */
const MARGIN = 2
/** So much of a window's sound may be left unexplained. */
const LEFT_SHARE = 0.3
/** What rings in a room, of one window to the next. */
const RINGS = 0.2
const LEARNS = 0.06

/** A known echo: where in what was played it comes from, and how loud it is in each band. */
export class EchoPath {
  shift: number
  readonly #heard: HeardSound
  readonly #played: PlayedVoice
  /** Of power, by band. */
  readonly #gains = new Float32Array(BANDS)
  readonly #ringing = new Float32Array(BANDS)
  /** Of the window that was judged last. */
  readonly #sound = new Float32Array(BANDS)
  readonly #echo = new Float32Array(BANDS)

  constructor(heard: HeardSound, played: PlayedVoice, shift: number) {
    this.#heard = heard
    this.#played = played
    this.shift = shift
  }

  get delayMs(): number {
    return (this.#heard.offsetCells - this.shift) * CELL_MS
  }

  /** How much softer it is than what was played. */
  get levelDb(): number {
    return 10 * Math.log10(this.#gains.reduce((most, gain) => Math.max(most, gain), 1e-6))
  }

  /** Its level, from a stretch that is known to be an echo. */
  measure(from: number, to: number): void {
    for (let band = 0; band < BANDS; band++) {
      const noise = this.#heard.noise[band]! * (to - from)
      const sound = Math.max(0, this.#sumHeard(from, to, band) - noise)
      this.#gains[band] = sound / (1 + this.#sumPlayed(from, to, 0, band))
    }
  }

  /** Whether a window is what was played, and no more. */
  explains(from: number, to: number): boolean {
    const cells = to - from
    let sum = 0
    let left = 0
    for (let band = 0; band < BANDS; band++) {
      const sound = this.#sumHeard(from, to, band) / cells
      let most = 0
      for (let around = -AROUND_CELLS; around <= AROUND_CELLS; around++) {
        most = Math.max(most, this.#sumPlayed(from, to, around, band))
      }
      const echo = (most * this.#gains[band]!) / cells
      const ringing = Math.max(echo, this.#ringing[band]! * RINGS)
      this.#ringing[band] = ringing
      this.#sound[band] = sound
      this.#echo[band] = echo
      sum += sound
      left += Math.max(0, sound - MARGIN * (ringing + this.#heard.noise[band]!))
    }
    return left <= LEFT_SHARE * sum
  }

  /** The level of the window that was judged last, which was no more than an echo. */
  learn(): void {
    for (let band = 0; band < BANDS; band++) {
      const echo = this.#echo[band]!
      if (echo < 4 * this.#heard.noise[band]!) continue
      const sound = Math.max(0, this.#sound[band]! - this.#heard.noise[band]!)
      this.#gains[band]! *= 1 + LEARNS * (sound / echo - 1)
    }
  }

  /** Whether the agent could be heard in this window at all. */
  sounds(from: number, to: number): boolean {
    for (let band = 0; band < BANDS; band++) {
      if (this.#sumPlayed(from, to, 0, band) * this.#gains[band]! > 0) return true
    }
    return false
  }

  #sumHeard(from: number, to: number, band: number): number {
    return this.#heard.ring.sum(from, to, band)
  }

  #sumPlayed(from: number, to: number, around: number, band: number): number {
    const shift = this.shift + around
    return this.#played.ring.sum(from + shift, to + shift, band)
  }
}
