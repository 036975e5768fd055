import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '@kav/core/kit'
import { makeFile, openPlainFile, writeAll } from '../process/plain-file.ts'

/** What waits may repeat what was said. */
export const makePrivate = (folder: string): Promise<void> => makeFolder(folder, 0o700)

/** A file that is there whole or not at all, whatever ends the process or the machine. */
export async function writeDurably(folder: string, name: string, text: string): Promise<void> {
  const made = await makeFile(
    join(folder, name),
    async (file) => {
      await writeAll(file, Buffer.from(text), 0)
      await file.sync()
    },
    (file) => open(file, 'wx', 0o600),
  )
  await made.close()
  await syncFolder(folder)
}

/** Without it a machine that loses its power may lose the name. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  // Some network disks have no such thing.
  await handle.sync().catch(() => undefined)
  await handle.close()
}

/** `undefined`: there is no such file. */
export async function readPlain(file: string): Promise<string | undefined> {
  try {
    const handle = await openPlainFile(file, 'read')
    try {
      return await handle?.readFile('utf8')
    } finally {
      await handle?.close()
    }
  } catch (error) {
    return unlessGone(error)
  }
}

/** None of a folder that is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    unlessGone(error)
    return []
  }
}

const GONE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR'])

export function unlessGone(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && GONE.has(error.code))) throw error
}

export const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )
