import type { AudioFormat } from '../../../contracts/audio.ts'
import { BandMeter } from './band-meter.ts'
import { BANDS, BandRing, CELL_MS } from './band-ring.ts'

/** 2 s. */
const CELLS = 512
/** By so much a millisecond may what came late be forgotten: gaps of the line are followed, bursts are not. */
const FORGETS_SHARE = 0.05
/** More than a network is late by: there is a gap in what is sent. */
const GAP_MS = 500
/** About 1.3 dB a second, in windows of 32 ms. */
const NOISE_RISES = 1.01
const MIN_NOISE = 4

/** What is heard from the caller's side, by its place in the sound: a burst of the network changes nothing in it. */
export class HeardSound {
  readonly ring = new BandRing(CELLS)
  /** Mean square of the line's own noise, by band. */
  readonly noise = new Float32Array(BANDS).fill(Infinity)
  readonly #meter: BandMeter
  /** From a place in the sound to the moment at which it came, where nothing made it late. */
  #offsetMs = Infinity

  constructor(format: AudioFormat) {
    this.#meter = new BandMeter(format, this.ring)
  }

  push(audio: Uint8Array, nowMs: number): void {
    const beforeMs = this.ring.end * CELL_MS
    this.#meter.push(audio)
    const endMs = this.ring.end * CELL_MS
    const observedMs = nowMs - endMs
    if (observedMs > this.#offsetMs + GAP_MS) this.#offsetMs = observedMs
    this.#offsetMs = Math.min(this.#offsetMs + FORGETS_SHARE * (endMs - beforeMs), observedMs)
  }

  /** How many cells the clock is ahead of the place in the sound. */
  get offsetCells(): number {
    return Math.round(this.#offsetMs / CELL_MS)
  }

  /** The quietest windows of late are the line's noise. */
  learnNoise(from: number, to: number): void {
    for (let band = 0; band < BANDS; band++) {
      const power = this.ring.sum(from, to, band) / (to - from)
      const noise = Math.min(this.noise[band]! * NOISE_RISES, power)
      this.noise[band] = Math.max(noise, MIN_NOISE)
    }
  }
}
