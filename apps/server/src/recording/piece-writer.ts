import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type AudioFormat } from '@kav/core'
import { wavHeader } from '@kav/core/host'
import type { QueuedPiece } from './block-queue.ts'

/** Puts pieces behind each other into a stereo WAV file, and their length into its header. One call at a time. */
export interface PieceWriter {
  write(piece: QueuedPiece): Promise<void>
  /** Brings the header up to date and closes the file. A file of a call without audio is made here. */
  close(): Promise<void>
  /** Closes what is open, as it is. */
  abandon(): Promise<void>
  readonly writtenBytes: number
}

const SILENT_MOMENTS = 8 * 1024

export function createPieceWriter(options: {
  file: string
  format: AudioFormat
  /** One moment of silence of both sides. */
  silence: Uint8Array
  /** How much may be written before the header says so. */
  headerEveryBytes: number
}): PieceWriter {
  const { file, format, headerEveryBytes } = options
  const headerBytes = wavHeader(format, 2, 0).length
  let handle: FileHandle | undefined
  let writtenBytes = 0
  let headerSaysBytes = 0
  let silentBlock: Buffer | undefined

  /** Here, not where the call begins: a folder that cannot be made costs the recording, never the call. */
  async function openFile(): Promise<FileHandle> {
    if (handle !== undefined) return handle
    await mkdir(dirname(file), { recursive: true })
    handle = await open(file, 'w')
    await writeHeader(handle)
    return handle
  }

  async function writeHeader(to: FileHandle): Promise<void> {
    await writeAll(to, wavHeader(format, 2, writtenBytes), 0)
    headerSaysBytes = writtenBytes
  }

  async function writeSilence(to: FileHandle, byteLength: number): Promise<void> {
    silentBlock ??= Buffer.alloc(SILENT_MOMENTS * options.silence.length, options.silence)
    for (let left = byteLength; left > 0;) {
      const part = silentBlock.subarray(0, Math.min(left, silentBlock.length))
      await append(to, part)
      left -= part.length
    }
  }

  async function append(to: FileHandle, bytes: Uint8Array): Promise<void> {
    await writeAll(to, bytes, headerBytes + writtenBytes)
    writtenBytes += bytes.length
    if (writtenBytes - headerSaysBytes >= headerEveryBytes) await writeHeader(to)
  }

  async function abandon(): Promise<void> {
    const open = handle
    handle = undefined
    await open?.close()
  }

  return {
    async write(piece) {
      const to = await openFile()
      if (piece.kind === 'silence') await writeSilence(to, piece.byteLength)
      else await append(to, piece.block.subarray(0, piece.byteLength))
    },
    async close() {
      const to = await openFile()
      await writeHeader(to)
      await abandon()
    },
    abandon,
    get writtenBytes() {
      return writtenBytes
    },
  }
}

/** A full disk may take a part: the rest is tried again, and fails by name. */
async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at)
    at += bytesWritten
  }
}
