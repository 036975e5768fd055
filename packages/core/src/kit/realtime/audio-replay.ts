/**
 * The newest of the caller's audio, kept until it is no longer needed: to be heard again by a new connection, or to go
 * out as one utterance. One slab, no allocation per write.
 */
export interface AudioReplay {
  /** Appends a copy; the oldest goes when the slab is full. */
  push(audio: Uint8Array): void
  /** Forgets everything before this offset. */
  trimTo(offsetBytes: number): void
  /** What is kept. Valid until the next `push`. */
  kept(): Uint8Array
  /** Offset of the first byte kept, and of the end, counted from the first byte ever pushed. */
  readonly fromBytes: number
  readonly endBytes: number
}

export function createAudioReplay(maxBytes: number): AudioReplay {
  // Twice the size: the live part moves to the front once per `maxBytes` pushed, not once per push.
  const slab = new Uint8Array(maxBytes * 2)
  let start = 0
  let end = 0
  let endBytes = 0
  return {
    push(audio) {
      const piece = audio.length > maxBytes ? audio.subarray(audio.length - maxBytes) : audio
      if (end + piece.length > slab.length) {
        slab.copyWithin(0, start, end)
        end -= start
        start = 0
      }
      slab.set(piece, end)
      end += piece.length
      endBytes += audio.length
      start = Math.max(start, end - maxBytes)
    },
    trimTo(offsetBytes) {
      start = Math.min(end, Math.max(start, end - (endBytes - offsetBytes)))
    },
    kept: () => slab.subarray(start, end),
    get fromBytes() {
      return endBytes - (end - start)
    },
    get endBytes() {
      return endBytes
    },
  }
}
