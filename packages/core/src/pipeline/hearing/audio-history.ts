/**
 * The caller's audio since the recogniser last acknowledged some, by absolute position in bytes.
 *
 * The RX worker appends what it takes from the rx-queue and reads it out for STT; the STT link moves the read
 * position back when a new session must hear audio again, and trims what a final has acknowledged. Memory comes in
 * small pieces, so a silent call holds little.
 */
export interface AudioHistory {
  append(source: Buffer, length: number): void
  /** Copies up to `target.length` bytes from the read position; returns how many. Moves the read position. */
  read(target: Buffer): number
  /** Copies a past stretch, clipped to what is still held. */
  slice(from: number, to: number): Buffer
  /** Reads start again at `position` (clipped to what is held). Returns where they really start. */
  rewind(position: number): number
  /** Audio before `position` is no longer needed. Never trims what has not been read. */
  trim(position: number): void
  /** First position still held. */
  readonly start: number
  /** Next position to be read. */
  readonly readPosition: number
  /** Position after the newest byte. */
  readonly end: number
  /** Bytes lost because the cap was reached before a final came. */
  readonly overflowed: number
}

export function createAudioHistory(options: { pieceBytes: number; maxBytes: number }): AudioHistory {
  const { pieceBytes, maxBytes } = options
  /** Piece i holds positions [pieceBytes * (firstPiece + i), + pieceBytes). */
  const pieces: Buffer[] = []
  const spare: Buffer[] = []
  let firstPiece = 0

  function copy(from: number, target: Buffer, length: number): void {
    for (let done = 0; done < length;) {
      const position = from + done
      const offset = position % pieceBytes
      const span = Math.min(pieceBytes - offset, length - done)
      const piece = pieces[Math.floor(position / pieceBytes) - firstPiece]!
      piece.copy(target, done, offset, offset + span)
      done += span
    }
  }

  function release(position: number): void {
    held.start = position
    while (pieces.length > 0 && (firstPiece + 1) * pieceBytes <= held.start) {
      const piece = pieces.shift()!
      if (spare.length === 0) spare.push(piece)
      firstPiece++
    }
  }

  // Plain fields: V8 keeps an object with getters of its own as a slow dictionary, and these are read on every tick.
  const held: { -readonly [Key in keyof AudioHistory]: AudioHistory[Key] } = {
    start: 0,
    readPosition: 0,
    end: 0,
    overflowed: 0,
    append(source, length) {
      for (let done = 0; done < length;) {
        const offset = held.end % pieceBytes
        const index = Math.floor(held.end / pieceBytes) - firstPiece
        if (index === pieces.length) pieces.push(spare.pop() ?? Buffer.allocUnsafeSlow(pieceBytes))
        const span = Math.min(pieceBytes - offset, length - done)
        source.copy(pieces[index]!, offset, done, done + span)
        done += span
        held.end += span
      }
      if (held.end - held.start > maxBytes) {
        const kept = held.end - maxBytes
        held.overflowed += kept - held.start
        release(kept)
        held.readPosition = Math.max(held.readPosition, kept)
      }
    },
    read(target) {
      const length = Math.min(target.length, held.end - held.readPosition)
      copy(held.readPosition, target, length)
      held.readPosition += length
      return length
    },
    slice(from, to) {
      const first = Math.max(from, held.start)
      const stretch = Buffer.alloc(Math.max(0, Math.min(to, held.end) - first))
      copy(first, stretch, stretch.length)
      return stretch
    },
    rewind(position) {
      held.readPosition = Math.min(Math.max(position, held.start), held.end)
      return held.readPosition
    },
    trim(position) {
      if (position > held.start) release(Math.min(position, held.readPosition))
    },
  }
  return held
}
