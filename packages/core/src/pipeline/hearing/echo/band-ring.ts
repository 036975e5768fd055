/** Frequency bands that a sound's power is kept in, from low to high. */
export const BANDS = 4
/** The finest step in time: what is shorter makes no difference to an echo. */
export const CELL_MS = 4

/**
 * Power by band and cell of `CELL_MS`, by absolute cell, of the last `size` cells. What was never written or is too
 * old is silence.
 */
export class BandRing {
  /** The cell after the newest. */
  end = 0
  /** Mean square of each cell and band; the bands of a cell add up to that of its samples. */
  readonly powers: Float32Array
  readonly mask: number
  readonly #size: number

  /** @param size A power of two. */
  constructor(size: number) {
    this.#size = size
    this.mask = size - 1
    this.powers = new Float32Array(size * BANDS)
  }

  /** Where the next cell is written to; it counts once `end` is moved over it. */
  get next(): number {
    return (this.end & this.mask) * BANDS
  }

  /** Moves `end` to this cell: forward over silence, or back, and what was behind it is forgotten. */
  moveTo(cell: number): void {
    const silent = Math.min(cell - this.end, this.#size)
    for (let back = 1; back <= silent; back++) this.#clear(cell - back)
    for (let at = cell; at < Math.min(this.end, cell + this.#size); at++) this.#clear(at)
    this.end = cell
  }

  /** Whether this cell, and all behind it, are still known. */
  holds(from: number): boolean {
    return from >= this.end - this.#size
  }

  #clear(cell: number): void {
    const at = (cell & this.mask) * BANDS
    this.powers.fill(0, at, at + BANDS)
  }
}
