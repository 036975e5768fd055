import type { FileHandle } from 'node:fs/promises'
import { type AudioFormat } from '@kav/core'
import { MAX_WAV_DATA_BYTES } from '@kav/core/host'
import { type BlockQueue, createBlockQueue } from './block-queue.ts'
import { isFull } from '../process/full-disk.ts'
import { createPieceWriter } from './piece-writer.ts'

/** Bytes of sound that are not in the file, by reason. */
export interface DroppedBytes {
  /** The disk was slower than the call for longer than memory lasts: silence stands there instead. */
  slowDisk: number
  /** The file could not be written. */
  failed: number
  /** A WAV file holds no more than 4 GiB: it ends there. */
  tooLarge: number
}

/**
 * A stereo WAV file that grows while the call runs. Nothing but `close` takes time. The header is brought up to date
 * from time to time, so that whatever ends the process leaves a file that plays.
 */
export interface WavFile {
  /** Copies whole moments of both sides. */
  append(bytes: Uint8Array): void
  appendSilence(byteLength: number): void
  /** What waits for a whole block is written now. */
  flush(): void
  /** Resolves when the file is complete, or as complete as it will be. Never rejects. */
  close(): Promise<void>
  /** What is in the file, or waits to be. */
  dataBytes(): number
  readonly dropped: Readonly<DroppedBytes>
  failed(): boolean
}

/** Runs an action when its turn comes, and tells what came of it. */
export type InTurn = (action: () => Promise<void>) => Promise<void>

/** A second of a phone call in 16 bits. */
const BLOCK_BYTES = 32 * 1024
/** Half a minute of it. */
const MAX_WAITING_BYTES = 32 * BLOCK_BYTES
const HEADER_EVERY_BYTES = 4 * BLOCK_BYTES

export function createWavFile(options: {
  file: string
  format: AudioFormat
  /** One moment of silence of both sides. */
  silence: Uint8Array
  /** Told once. */
  onError: (error: unknown) => void
  maxDataBytes?: number | undefined
  /** How much may wait in memory for a slow disk. */
  maxWaitingBytes?: number | undefined
  /** Waits for a turn at the disk. Default: at once. */
  inTurn?: InTurn | undefined
  openFile?: ((file: string) => Promise<FileHandle>) | undefined
}): WavFile {
  const { maxDataBytes = MAX_WAV_DATA_BYTES, inTurn = (action) => action() } = options
  const queue = queueOf(options.maxWaitingBytes)
  const writer = createPieceWriter({ ...options, headerEveryBytes: HEADER_EVERY_BYTES })
  const dropped: DroppedBytes = { slowDisk: 0, failed: 0, tooLarge: 0 }
  let dataBytes = 0
  let full = false
  let failed = false
  let draining = false
  let drained: Promise<void> = Promise.resolve()

  /** The file ends here; what is in it stays. */
  async function fail(error: unknown): Promise<void> {
    if (failed) return
    failed = true
    queue.discard()
    options.onError(error)
    // Where not even that can be done, the next start repairs it.
    await inTurn(() => writer.seal(isFull(error))).catch(() => undefined)
    dropped.failed += dataBytes - writer.writtenBytes()
    dataBytes = writer.writtenBytes()
  }

  function drain(): void {
    if (draining || failed || !queue.waiting()) return
    draining = true
    drained = writeWaiting()
      .catch(fail)
      .finally(() => (draining = false))
  }

  async function writeWaiting(): Promise<void> {
    for (let piece = queue.take(); piece !== undefined; piece = queue.take()) {
      await inTurn(() => writer.write(piece))
      if (piece.kind === 'block') queue.giveBack(piece.block)
    }
  }

  /** Counts so much more in, or says under which name it is dropped. */
  function room(byteLength: number): 'failed' | 'tooLarge' | undefined {
    if (failed) return 'failed'
    full ||= dataBytes + byteLength > maxDataBytes
    if (full) return 'tooLarge'
    dataBytes += byteLength
    return undefined
  }

  return {
    append(bytes) {
      const reason = room(bytes.length)
      if (reason !== undefined) dropped[reason] += bytes.length
      else dropped.slowDisk += queue.append(bytes)
      drain()
    },
    appendSilence(byteLength) {
      // Silence that finds no room is no loss of sound.
      if (room(byteLength) === undefined) queue.appendSilence(byteLength)
      drain()
    },
    flush() {
      queue.flush()
      drain()
    },
    async close() {
      queue.flush()
      await drained
      drain()
      await drained
      if (!failed) await inTurn(() => writer.close()).catch(fail)
    },
    dataBytes() {
      return dataBytes
    },
    dropped,
    failed() {
      return failed
    },
  }
}

function queueOf(maxBytes = MAX_WAITING_BYTES): BlockQueue {
  return createBlockQueue({ blockBytes: BLOCK_BYTES, maxBlocks: Math.ceil(maxBytes / BLOCK_BYTES) })
}
