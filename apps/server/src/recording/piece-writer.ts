import type { FileHandle } from 'node:fs/promises'
import { type AudioFormat } from '@kav/core'
import { wavHeader } from '@kav/core/host'
import { assertNamed, makeFile, type OpenFile, writeAll } from '../process/plain-file.ts'
import type { QueuedPiece } from './block-queue.ts'

/** Puts pieces behind each other into a stereo WAV file, and their length into its header. One call at a time. */
export interface PieceWriter {
  write(piece: QueuedPiece): Promise<void>
  /** Brings the header up to date and closes the file. A file of a call without audio is made here. */
  close(): Promise<void>
  /**
   * For a file that takes no more: keeps whole moments of what is in it, says so in its header, and closes it. With
   * `makeRoom` some of its end is given back, so that the call's record finds room on a disk that this file has filled.
   */
  seal(makeRoom: boolean): Promise<void>
  writtenBytes(): number
}

const SILENT_MOMENTS = 8 * 1024
/** Two seconds of a phone call in 16 bits: a record with its transcript takes less. */
const GIVEN_BACK_BYTES = 64 * 1024

export function createPieceWriter(options: {
  file: string
  format: AudioFormat
  /** One moment of silence of both sides. */
  silence: Uint8Array
  /** How much may be written before the header says so. */
  headerEveryBytes: number
  /** Opens a file to write. Default: the system's own. */
  openFile?: OpenFile | undefined
}): PieceWriter {
  const { file, format, headerEveryBytes, openFile } = options
  const headerBytes = wavHeader(format, 2, 0).length
  let handle: FileHandle | undefined
  let writtenBytes = 0
  let headerSaysBytes = 0
  let silentBlock: Buffer | undefined
  let busy = false
  let sealed = false
  const isZero = options.silence.every((byte) => byte === 0)

  /** Here, not where the call begins: a folder that cannot be made costs the recording, never the call. */
  async function opened(): Promise<FileHandle> {
    return (handle ??= await makeFile(file, writeHeader, openFile))
  }

  /** Of a file that grows it leaves the last moment out: so whoever finds the file knows that nobody has closed it. */
  const writeHeader = (to: FileHandle): Promise<void> =>
    sayLength(to, Math.max(0, writtenBytes - options.silence.length))

  async function sayLength(to: FileHandle, dataBytes: number): Promise<void> {
    await assertNamed(to, file)
    await writeAll(to, wavHeader(format, 2, dataBytes), 0)
    headerSaysBytes = writtenBytes
  }

  const put = (to: FileHandle, piece: QueuedPiece): Promise<void> =>
    piece.kind === 'silence' ? writeSilence(to, piece.byteLength) : append(to, soundIn(piece))

  async function writeSilence(to: FileHandle, byteLength: number): Promise<void> {
    if (isZero) {
      // A hole reads as zeros, and takes neither time nor room: a line may be silent for hours.
      await to.truncate(headerBytes + writtenBytes + byteLength)
      writtenBytes += byteLength
      return writeHeader(to)
    }
    silentBlock ??= Buffer.alloc(SILENT_MOMENTS * options.silence.length, options.silence)
    for (let left = byteLength; left > 0; left -= silentBlock.length)
      await append(to, silentBlock.subarray(0, Math.min(left, silentBlock.length)))
  }

  async function append(to: FileHandle, bytes: Uint8Array): Promise<void> {
    await writeAll(to, bytes, headerBytes + writtenBytes)
    writtenBytes += bytes.length
    if (writtenBytes - headerSaysBytes >= headerEveryBytes) await writeHeader(to)
  }

  async function release(open = handle): Promise<void> {
    handle = undefined
    await open?.close()
  }

  async function seal(makeRoom: boolean): Promise<void> {
    sealed = true
    if (handle === undefined || busy) return
    try {
      writtenBytes = keptOf(await dataBytesIn(handle, file, headerBytes), options.silence.length, makeRoom)
      await handle.truncate(headerBytes + writtenBytes)
      await sayLength(handle, writtenBytes)
    } finally {
      await release()
    }
  }

  /** One that hangs seals the file itself when it comes back, whatever comes back. */
  async function work(on: (to: FileHandle) => Promise<void>): Promise<void> {
    busy = true
    try {
      await on(await opened())
    } finally {
      busy = false
      if (sealed) await seal(false)
    }
  }

  return {
    write: (piece) => work((to) => put(to, piece)),
    async close() {
      await work((to) => sayLength(to, writtenBytes))
      await release()
    },
    seal,
    writtenBytes() {
      return writtenBytes
    },
  }
}

const soundIn = ({ block, byteLength }: Extract<QueuedPiece, { kind: 'block' }>): Uint8Array =>
  block.subarray(0, byteLength)

/** None in a file that somebody took away. */
async function dataBytesIn(handle: FileHandle, file: string, headerBytes: number): Promise<number> {
  const { size } = await handle.stat()
  const named = await assertNamed(handle, file).then(
    () => true,
    () => false,
  )
  return named ? Math.max(0, size - headerBytes) : 0
}

/** How much of so many bytes stays: whole moments, and with `makeRoom` not all of them. */
function keptOf(bytes: number, momentBytes: number, makeRoom: boolean): number {
  const kept = bytes - (makeRoom ? Math.min(GIVEN_BACK_BYTES, bytes / 2) : 0)
  return Math.floor(kept / momentBytes) * momentBytes
}
