import type { AudioFormat } from '../../../contracts/audio.ts'
import { BandMeter } from './band-meter.ts'
import { BandRing, CELL_MS } from './band-ring.ts'

/** 4.1 s: the longest delay, the sound that is compared, and what the far end holds ahead. */
const CELLS = 1024

/** What the far end plays, by when it plays it: cell 0 is the clock's 0. */
export class PlayedVoice {
  readonly ring = new BandRing(CELLS)
  /** The cell behind the last frame; `-Infinity`: there was none. */
  lastCell = -Infinity
  readonly #meter: BandMeter

  constructor(format: AudioFormat) {
    this.#meter = new BandMeter(format, this.ring)
  }

  /** `playAtMs`: when the far end plays this frame. */
  push(frame: Uint8Array, playAtMs: number): void {
    const cell = Math.round(playAtMs / CELL_MS)
    // It goes on where the last one ended, to a rounding.
    if (Math.abs(cell - this.ring.end) > 1) this.ring.moveTo(cell)
    this.#meter.push(frame)
    this.lastCell = this.ring.end
  }

  /** Up to there whatever was not pushed is silence. */
  reach(cell: number): void {
    if (cell > this.ring.end) this.ring.moveTo(cell)
  }

  /** What was to be played from now on never will be. */
  cleared(nowMs: number): void {
    const cell = Math.ceil(nowMs / CELL_MS)
    if (cell >= this.lastCell) return
    this.ring.moveTo(cell)
    this.lastCell = cell
  }
}
