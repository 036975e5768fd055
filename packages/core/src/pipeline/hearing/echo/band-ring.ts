/** Frequency bands that a sound's power is kept in, from low to high. */
export const BANDS = 4
/** The finest step in time: what is shorter makes no difference to an echo. */
export const CELL_MS = 4

/** The upper half of a 32-bit float: 8 bits of its fraction, a hundredth of a decibel, at half the room. */
const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/**
 * Power by band and cell of `CELL_MS`, by absolute cell, of the last `size` cells. What was never written or is too
 * old is silence.
 */
export class BandRing {
  /** The cell after the newest. */
  end = 0
  readonly #powers: Uint16Array
  readonly #mask: number
  readonly #size: number

  /** @param size A power of two. */
  constructor(size: number) {
    this.#size = size
    this.#mask = size - 1
    this.#powers = new Uint16Array(size * BANDS)
  }

  /** Mean square of a cell in a band, to 0.4 %; the bands of a cell add up to that of its samples. */
  power(cell: number, band: number): number {
    bits[0] = this.#powers[(cell & this.#mask) * BANDS + band]! << 16
    return float[0]!
  }

  /** Of cells one after the other. */
  sum(from: number, to: number, band: number): number {
    let sum = 0
    for (let cell = from; cell < to; cell++) {
      bits[0] = this.#powers[(cell & this.#mask) * BANDS + band]! << 16
      sum += float[0]!
    }
    return sum
  }

  loudest(from: number, to: number, band: number): number {
    // As long as none is negative, their bits are in their order.
    let most = 0
    for (let cell = from; cell < to; cell++) {
      const power = this.#powers[(cell & this.#mask) * BANDS + band]!
      if (power > most) most = power
    }
    bits[0] = most << 16
    return float[0]!
  }

  /** The next cell of one band; it counts once `end` is moved over it. */
  put(band: number, power: number): void {
    float[0] = power
    // Rounded: what is cut off would make every sum too small.
    this.#powers[(this.end & this.#mask) * BANDS + band] = (bits[0]! + 0x8000) >>> 16
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
    const at = (cell & this.#mask) * BANDS
    this.#powers.fill(0, at, at + BANDS)
  }
}
