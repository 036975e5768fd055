import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { makeFolder } from '@kav/core/kit'

/**
 * The one way to make and to open files in folders where others may write, too: no link is followed, no file that is
 * there is written into by mistake, and two processes that write the same file do not write into each other's.
 */

/** Makes a file that is not there yet. */
export type OpenFile = (file: string) => Promise<FileHandle>

/** A file that is being written has this behind its name. */
export const PART_ENDING = '.part'
const openNew: OpenFile = (file) => open(file, 'wx')

/**
 * Makes a file, has it begun, and then gives it its name, in place of whatever had it. Whatever ends the process
 * leaves no file of that name which was not begun; what is written later is in it, too.
 */
export async function makeFile(
  file: string,
  begin: (made: FileHandle) => Promise<void>,
  openFile: OpenFile = openNew,
): Promise<FileHandle> {
  // Each time: a folder may vanish while the process runs.
  await makeFolder(dirname(file))
  // A name that nobody can know before, and lie in wait under.
  const part = `${file}.${randomBytes(8).toString('hex')}${PART_ENDING}`
  const made = await openFile(part)
  try {
    await begin(made)
    await rename(part, file)
    return made
  } catch (error) {
    await made.close().catch(() => undefined)
    await unlink(part).catch(() => undefined)
    throw error
  }
}

/** A process that is killed leaves the whole file or none. */
export async function writeWholeFile(file: string, bytes: Uint8Array, openFile?: OpenFile): Promise<void> {
  const begin = async (made: FileHandle): Promise<void> => {
    await writeAll(made, bytes, 0)
    // Some disks tell here only that there was no room.
    await made.close()
  }
  await makeFile(file, begin, openFile)
}

/** A full disk may take a part: the rest is tried again, and fails by name. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at)
    at += bytesWritten
  }
}

/** Whether a name of a folder is that of a file which somebody began and never finished, `of` this one. */
export function isPartOf(of: string, name: string): boolean {
  return name.startsWith(`${basename(of)}.`) && name.endsWith(PART_ENDING)
}

/**
 * Opens a file that is there; `undefined` when that name is a link's, a folder's, a pipe's or a device's. To `change`
 * it, it may have no second name either: that could be any file of this user.
 */
export async function openPlainFile(
  file: string,
  access: 'read' | 'change',
): Promise<FileHandle | undefined> {
  const { O_RDONLY, O_RDWR, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
  let handle: FileHandle
  try {
    // Without waiting: a pipe would keep whoever opens it for ever.
    handle = await open(file, (access === 'read' ? O_RDONLY : O_RDWR) | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    if (NOT_PLAIN.has(String((error as NodeJS.ErrnoException).code))) return undefined
    throw error
  }
  let isPlain = false
  try {
    const facts = await handle.stat()
    isPlain = facts.isFile() && (access === 'read' || facts.nlink <= 1)
    return isPlain ? handle : undefined
  } finally {
    if (!isPlain) await handle.close()
  }
}

/** A link; a folder to be changed; a pipe without a reader or a socket. */
const NOT_PLAIN: ReadonlySet<string> = new Set(['ELOOP', 'EMLINK', 'EISDIR', 'ENXIO'])

/** Rejects when an open file has lost its name: what is written into it is gone as it is closed. */
export async function assertNamed(handle: FileHandle, file: string): Promise<void> {
  const own = await handle.stat()
  if (own.nlink > 0) return
  // Some network disks count no names.
  const named = await stat(file).catch(() => undefined)
  if (named === undefined || named.ino !== own.ino)
    throw new Error('the file was removed while it was written')
}
