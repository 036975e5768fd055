import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** `EISDIR`, `ENOTREG` (a pipe, a socket, a device), `EFBIG`: longer than asked for. */
export type RefusedFile = Error & { readonly code: 'EISDIR' | 'ENOTREG' | 'EFBIG' }

// A pipe is opened without waiting for its writer. Windows has no such flag, and no such files.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

const UNSIZED_BYTES = 1024 * 1024

/**
 * Reads a file whose path somebody wrote: a regular one of at most so many bytes, and no other, for `/dev/zero` has no
 * end and a pipe may never have one. Rejects with a `RefusedFile`, or as `open` does.
 */
export async function readRegularFile(path: string, maxBytes: number): Promise<Buffer> {
  const { handle, found } = await openRegularFile(path)
  try {
    const buffer = roomFor(found, path, maxBytes)
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return contentOf(buffer, length, path, maxBytes)
  } finally {
    await handle.close().catch(() => undefined)
  }
}

/** Opens one to be read, as `readRegularFile` does; who asked closes it. */
export async function openRegularFile(path: string): Promise<{ handle: FileHandle; found: Stats }> {
  const handle = await open(path, FLAGS)
  try {
    const found = await handle.stat()
    checkRegular(found, path)
    return { handle, found }
  } catch (error) {
    await handle.close().catch(() => undefined)
    throw error
  }
}

/** The same at once, where nothing can be waited for. */
export function readRegularFileSync(path: string, maxBytes: number): Buffer {
  const fd = openSync(path, FLAGS)
  try {
    const found = fstatSync(fd)
    checkRegular(found, path)
    const buffer = roomFor(found, path, maxBytes)
    let length = 0
    while (length < buffer.length) {
      const bytesRead = readSync(fd, buffer, length, buffer.length - length, null)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return contentOf(buffer, length, path, maxBytes)
  } finally {
    closeSync(fd)
  }
}

function checkRegular(found: Stats, path: string): void {
  if (found.isDirectory()) throw refused('EISDIR', `${path} is a directory`)
  if (!found.isFile()) throw refused('ENOTREG', `${path} is not a regular file`)
}

/** One byte more than it has: by that a file is known that grows. One in /proc has no size, and is small. */
function roomFor({ size }: Stats, path: string, maxBytes: number): Buffer {
  if (size > maxBytes) throw tooLong(path, maxBytes)
  return Buffer.alloc((size === 0 ? Math.min(maxBytes, UNSIZED_BYTES) : size) + 1)
}

function contentOf(buffer: Buffer, length: number, path: string, maxBytes: number): Buffer {
  if (length === buffer.length) throw tooLong(path, maxBytes)
  return buffer.subarray(0, length)
}

function tooLong(path: string, maxBytes: number): RefusedFile {
  return refused('EFBIG', `${path} has more than ${maxBytes} bytes, or grows`)
}

function refused(code: RefusedFile['code'], message: string): RefusedFile {
  return Object.assign(new Error(message), { code })
}
