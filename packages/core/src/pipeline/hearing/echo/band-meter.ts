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
  readonly #cell: Int16Array
  #filled = 0

  constructor(format: AudioFormat, ring: BandRing) {
    const { encoding, sampleRateHz } = format
    this.#ring = ring
    this.#table =
      encoding === 'linear16' ? undefined : encoding === 'mulaw' ? MULAW_TO_LINEAR : ALAW_TO_LINEAR
    this.#cell = new Int16Array((sampleRateHz * CELL_MS) / 1000)
  }

  /** Whether cells of whole blocks of four samples can be made of such a sound. */
  static takes({ sampleRateHz }: AudioFormat): boolean {
    return ((sampleRateHz * CELL_MS) / 1000) % 4 === 0
  }

  /** Writes what became whole to the ring. */
  push(audio: Uint8Array): void {
    const cell = this.#cell
    const table = this.#table
    const step = table === undefined ? 2 : 1
    let filled = this.#filled
    for (let at = 0; at + step <= audio.length; at += step) {
      cell[filled++] = table === undefined ? audio[at]! | (audio[at + 1]! << 8) : table[audio[at]!]!
      if (filled < cell.length) continue
      this.#measure()
      filled = 0
    }
    this.#filled = filled
  }

  #measure(): void {
    const cell = this.#cell
    let lowest = 0
    let low = 0
    let high = 0
    let highest = 0
    for (let at = 0; at < cell.length; at += 4) {
      const sumA = cell[at]! + cell[at + 1]!
      const sumB = cell[at + 2]! + cell[at + 3]!
      const differenceA = cell[at]! - cell[at + 1]!
      const differenceB = cell[at + 2]! - cell[at + 3]!
      lowest += (sumA + sumB) * (sumA + sumB)
      low += (sumA - sumB) * (sumA - sumB)
      high += (differenceA + differenceB) * (differenceA + differenceB)
      highest += (differenceA - differenceB) * (differenceA - differenceB)
    }
    const ring = this.#ring
    const share = 1 / (4 * cell.length)
    ring.put(0, lowest * share)
    ring.put(1, low * share)
    ring.put(2, high * share)
    ring.put(3, highest * share)
    ring.end++
  }
}
