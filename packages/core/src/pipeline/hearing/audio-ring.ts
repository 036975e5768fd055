/**
 * Bytes by absolute position, from `start` to `end`. Memory comes in small pieces, so a call that holds little costs
 * little; a piece that was released is used again, by whichever call needs one first, before a new one is made.
 */
export class AudioRing {
  start = 0
  end = 0
  readonly #pieces: Uint8Array[] = []
  /** The last of them: what is appended to. */
  #newest: Uint8Array = new Uint8Array(0)
  /** `#pieces[0]` holds positions from `#firstPiece * PIECE_BYTES` on. */
  #firstPiece = 0

  append(source: Uint8Array): void {
    const offset = this.end & OFFSET_MASK
    const room = PIECE_BYTES - offset
    if (offset !== 0 && source.length <= room) {
      // Almost every frame.
      this.#newest.set(source, offset)
      this.end += source.length
      return
    }
    for (let done = 0; done < source.length;) {
      const at = this.end & OFFSET_MASK
      if (at === 0) this.#addPiece()
      const span = Math.min(PIECE_BYTES - at, source.length - done)
      this.#newest.set(source.subarray(done, done + span), at)
      done += span
      this.end += span
    }
  }

  /** Copies `[from, from + length)` to the beginning of `target`. All of it is held. */
  copy(from: number, target: Uint8Array, length: number): void {
    for (let done = 0; done < length;) {
      const position = from + done
      const offset = position & OFFSET_MASK
      const span = Math.min(PIECE_BYTES - offset, length - done)
      const piece = this.#pieces[(position - offset) / PIECE_BYTES - this.#firstPiece]!
      // A view of so few bytes would cost more than the bytes.
      for (let index = 0; index < span; index++) target[done + index] = piece[offset + index]!
      done += span
    }
  }

  #addPiece(): void {
    this.#newest = spares.pop() ?? new Uint8Array(PIECE_BYTES)
    this.#pieces.push(this.#newest)
  }

  /** Audio before `position` is no longer held. */
  release(position: number): void {
    this.start = position
    while (this.#pieces.length > 0 && (this.#firstPiece + 1) * PIECE_BYTES <= position) {
      const piece = this.#pieces.shift()!
      this.#firstPiece++
      if (spares.length < MAX_SPARES) spares.push(piece)
    }
  }
}

/** 256 ms of the phone's own format. A power of two: a position is taken apart by its bits. */
const PIECE_BYTES = 2048
const OFFSET_MASK = PIECE_BYTES - 1

/** Of the process: calls release and need pieces in turn. Nothing reads of a piece what it has not written to it. */
const spares: Uint8Array[] = []
/** 128 KB: what a burst of calls leaves behind beyond that goes. */
const MAX_SPARES = 64
