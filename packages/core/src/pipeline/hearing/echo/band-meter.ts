import type { AudioFormat } from '../../../contracts/audio.ts'
import { ALAW_TO_LINEAR, MULAW_TO_LINEAR } from '../../../audio/g711.ts'
import { type BandRing, CELL_MS } from './band-ring.ts'

/**
 * Measures a sound into cells: four bands by a Haar packet of two levels, which is eight additions for four samples.
 * Its bands leak into each other; for telling whether two sounds are the same one that does not matter.
 */
export class BandMeter {
  readonly #ring: BandRing
  /** Where a sample is one byte. */
  readonly #table: Int16Array | undefined
  /** What did not fill a cell yet: bytes where there is a table, else samples. */
  readonly #cell: Uint8Array | Int16Array
  #filled = 0

  constructor(format: AudioFormat, ring: BandRing) {
    const { encoding, sampleRateHz } = format
    const samples = (sampleRateHz * CELL_MS) / 1000
    this.#ring = ring
    this.#table =
      encoding === 'linear16' ? undefined : encoding === 'mulaw' ? MULAW_TO_LINEAR : ALAW_TO_LINEAR
    this.#cell = this.#table === undefined ? new Int16Array(samples) : new Uint8Array(samples)
  }

  /** Whether cells of whole blocks of four samples can be made of such a sound. */
  static takes({ sampleRateHz }: AudioFormat): boolean {
    return ((sampleRateHz * CELL_MS) / 1000) % 4 === 0
  }

  /** Writes what became whole to the ring. */
  push(audio: Uint8Array): void {
    const cell = this.#cell
    const isBytes = this.#table !== undefined
    const step = isBytes ? 1 : 2
    let at = 0
    // A frame of the phone is whole cells: nothing of it is copied.
    if (isBytes && this.#filled === 0)
      for (; at + cell.length <= audio.length; at += cell.length) this.#measure(audio, at)
    let filled = this.#filled
    for (; at + step <= audio.length; at += step) {
      cell[filled++] = isBytes ? audio[at]! : audio[at]! | (audio[at + 1]! << 8)
      if (filled < cell.length) continue
      this.#measure(cell, 0)
      filled = 0
    }
    this.#filled = filled
  }

  #measure(from: Uint8Array | Int16Array, start: number): void {
    const table = this.#table
    const end = start + this.#cell.length
    let lowest = 0
    let low = 0
    let high = 0
    let highest = 0
    for (let at = start; at < end; at += 4) {
      const a = table === undefined ? from[at]! : table[from[at]!]!
      const b = table === undefined ? from[at + 1]! : table[from[at + 1]!]!
      const c = table === undefined ? from[at + 2]! : table[from[at + 2]!]!
      const d = table === undefined ? from[at + 3]! : table[from[at + 3]!]!
      const sums = a + b + c + d
      const sumsApart = a + b - c - d
      const differences = a - b + c - d
      const differencesApart = a - b - c + d
      lowest += sums * sums
      low += sumsApart * sumsApart
      high += differences * differences
      highest += differencesApart * differencesApart
    }
    const ring = this.#ring
    const share = 1 / (4 * this.#cell.length)
    ring.put(0, lowest * share)
    ring.put(1, low * share)
    ring.put(2, high * share)
    ring.put(3, highest * share)
    ring.end++
  }
}
