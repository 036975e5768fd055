/** When sound was heard, by its position: a line that stops and goes on moves what comes behind. */
export interface ArrivalTimes {
  /** Sound that ends at `end` was heard out at `nowMs`. Once per frame. */
  arrived(end: number, nowMs: number): void
  /** Between which times a stretch was heard, at the least; `undefined`: that is not known, or not any more. */
  between(from: number, to: number): { readonly fromMs: number; readonly toMs: number } | undefined
}

/** What is told of together; and so much of it as words may be late, and more than the ring of audio holds. */
const PIECE_MS = 512
const PIECES = 128

/** @param perMs what a position counts, in one millisecond */
export function createArrivalTimes(perMs: number): ArrivalTimes {
  return new Arrivals(perMs)
}

/** A class: it is told of every frame of every call. */
class Arrivals implements ArrivalTimes {
  readonly #perMs: number
  /** Of each piece, by how much its audio came later than its position says: the least and the most. */
  readonly #least = new Float64Array(PIECES)
  readonly #most = new Float64Array(PIECES)
  #newest = -1
  #endMs = 0
  #first = 0

  constructor(perMs: number) {
    this.#perMs = perMs
  }

  arrived(end: number, nowMs: number): void {
    const endMs = end / this.#perMs
    const piece = Math.floor(endMs / PIECE_MS)
    const later = nowMs - endMs
    this.#endMs = endMs
    if (piece !== this.#newest) this.#begin(piece, later)
    const at = piece % PIECES
    if (later < this.#least[at]!) this.#least[at] = later
    if (later > this.#most[at]!) this.#most[at] = later
  }

  /** A long frame passes over pieces: it came as one. */
  #begin(piece: number, later: number): void {
    for (let next = Math.max(this.#newest + 1, piece - PIECES + 1); next <= piece; next++) {
      this.#least[next % PIECES] = later
      this.#most[next % PIECES] = later
    }
    this.#newest = piece
    this.#first = Math.max(this.#first, piece - PIECES + 1)
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
      least = Math.min(least, this.#least[piece % PIECES]!)
      if (piece <= last) most = Math.max(most, this.#most[piece % PIECES]!)
    }
    return { fromMs: fromMs + least, toMs: toMs + most }
  }
}
