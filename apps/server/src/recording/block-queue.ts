/** Something to write, in order: the bytes of a block, or so many bytes of silence. */
export type QueuedPiece =
  | { readonly kind: 'block'; readonly block: Uint8Array; readonly byteLength: number }
  | { readonly kind: 'silence'; byteLength: number }

/**
 * What waits for the disk, in few blocks that are used again and again. When all are full, what comes is replaced by
 * silence of the same length: memory is bounded, and whatever follows still lies where it was heard.
 */
export interface BlockQueue {
  /** Copies. Returns how many bytes became silence. */
  append(bytes: Uint8Array): number
  appendSilence(byteLength: number): void
  /** What is not a whole block yet may be taken, too. */
  flush(): void
  /** The oldest piece; a block is the taker's until it is given back. */
  take(): QueuedPiece | undefined
  giveBack(block: Uint8Array): void
  /** Throws away what waits; returns how many bytes of sound that was. */
  discard(): number
  /** Whether there is something to take. */
  waiting(): boolean
}

export function createBlockQueue(size: { blockBytes: number; maxBlocks: number }): BlockQueue {
  let pieces: QueuedPiece[] = []
  const spare: Uint8Array[] = []
  let blocks = 0
  /** The block that is being filled. */
  let open: Uint8Array | undefined
  let openBytes = 0

  /** Makes sure that a block is being filled, unless all are in use. */
  function openBlock(): Uint8Array | undefined {
    if (open !== undefined) return open
    if (spare.length === 0 && blocks < size.maxBlocks) {
      spare.push(new Uint8Array(size.blockBytes))
      blocks++
    }
    open = spare.pop()
    openBytes = 0
    return open
  }

  function flush(): void {
    if (open !== undefined && openBytes > 0) {
      pieces.push({ kind: 'block', block: open, byteLength: openBytes })
      open = undefined
    }
  }

  function appendSilence(byteLength: number): void {
    if (byteLength <= 0) return
    flush()
    const last = pieces.at(-1)
    if (last?.kind === 'silence') last.byteLength += byteLength
    else pieces.push({ kind: 'silence', byteLength })
  }

  return {
    append(bytes) {
      let at = 0
      while (at < bytes.length) {
        const block = openBlock()
        if (block === undefined) {
          appendSilence(bytes.length - at)
          return bytes.length - at
        }
        const taken = Math.min(bytes.length - at, block.length - openBytes)
        block.set(bytes.subarray(at, at + taken), openBytes)
        openBytes += taken
        at += taken
        if (openBytes === block.length) flush()
      }
      return 0
    },
    appendSilence,
    flush,
    take: () => pieces.shift(),
    giveBack: (block) => void spare.push(block),
    discard() {
      flush()
      const bytes = pieces.reduce((sum, piece) => sum + (piece.kind === 'block' ? piece.byteLength : 0), 0)
      for (const piece of pieces) if (piece.kind === 'block') spare.push(piece.block)
      pieces = []
      return bytes
    },
    waiting() {
      return pieces.length > 0
    },
  }
}
