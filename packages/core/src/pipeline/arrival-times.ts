/** When sound was heard, by its position: a line that stops and goes on moves what comes behind. */
export interface ArrivalTimes {
  /** Sound that ends at `end` was heard out at `nowMs`. Once per frame. */
  arrived(end: number, nowMs: number): void
  /** Between which times a stretch was heard, at the least; `undefined`: that is not known, or not any more. */
  between(from: number, to: number): { readonly fromMs: number; readonly toMs: number } | undefined
}

/** What is told of together; and so much of it as words may be late, and more than the ring of audio holds. */
const PIECE_MS = 512
const MAX_PIECES = 128
const FIRST_PIECES = 16

/** @param perMs what a position counts, in one millisecond */
export function createArrivalTimes(perMs: number): ArrivalTimes {
  return new Arrivals(perMs)
}

/** A class: it is told of every frame of every call. */
class Arrivals implements ArrivalTimes {
  readonly #perMs: number
  /** Of each piece, by how much its audio came later than its position says, and than the first did: least and most. */
  #least = new Float32Array(FIRST_PIECES)
  #most = new Float32Array(FIRST_PIECES)
  #mask = FIRST_PIECES - 1
  #newest = -1
  #endMs = 0
  #first = 0
  /** By how much the first audio came later than its position says: beside it, the others are small. */
  #baseMs = Number.NaN

  constructor(perMs: number) {
    this.#perMs = perMs
  }

  arrived(end: number, nowMs: number): void {
    const endMs = end / this.#perMs
    if (this.#newest < 0) this.#baseMs = nowMs - endMs
    const piece = Math.floor(endMs / PIECE_MS)
    const later = nowMs - endMs - this.#baseMs
    this.#endMs = endMs
    if (piece !== this.#newest) this.#begin(piece, later)
    const at = piece & this.#mask
    if (later < this.#least[at]!) this.#least[at] = later
    if (later > this.#most[at]!) this.#most[at] = later
  }

  /** A long frame passes over pieces: it came as one. */
  #begin(piece: number, later: number): void {
    while (piece - this.#first > this.#mask && this.#mask < MAX_PIECES - 1) this.#grow()
    const pieces = this.#mask + 1
    for (let next = Math.max(this.#newest + 1, piece - pieces + 1); next <= piece; next++) {
      this.#least[next & this.#mask] = later
      this.#most[next & this.#mask] = later
    }
    this.#newest = piece
    this.#first = Math.max(this.#first, piece - pieces + 1)
  }

  /** A short call does without the room of a long one. */
  #grow(): void {
    const mask = 2 * this.#mask + 1
    const grown = (pieces: Float32Array): Float32Array<ArrayBuffer> => {
      const more = new Float32Array(mask + 1)
      for (let piece = this.#first; piece <= this.#newest; piece++)
        more[piece & mask] = pieces[piece & this.#mask]!
      return more
    }
    this.#least = grown(this.#least)
    this.#most = grown(this.#most)
    this.#mask = mask
  }

  between(from: number, to: number): { readonly fromMs: number; readonly toMs: number } | undefined {
    const fromMs = from / this.#perMs
    const toMs = Math.min(to / this.#perMs, this.#endMs)
    const first = Math.floor(fromMs / PIECE_MS)
    const last = Math.min(Math.floor(toMs / PIECE_MS), this.#newest)
    if (!(fromMs <= toMs) || first < this.#first || first > this.#newest) return undefined
    let least = Infinity
    let most = -Infinity
    // What came in a burst was said when the line had stopped: how late it is shows behind it.
    for (let piece = first; piece <= this.#newest; piece++) {
      least = Math.min(least, this.#least[piece & this.#mask]!)
      if (piece <= last) most = Math.max(most, this.#most[piece & this.#mask]!)
    }
    return { fromMs: fromMs + this.#baseMs + least, toMs: toMs + this.#baseMs + most }
  }
}
