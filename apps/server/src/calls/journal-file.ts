import { type FileHandle, open, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolder } from '@kav/core/kit'
import { assertNamed } from '../process/plain-file.ts'

/** A file that grows line by line. One operation at a time, unless one hangs. */
export interface JournalFile {
  /** Makes the file at first; rejects when there is one of that name, and when somebody took it away. */
  append(text: string): Promise<void>
  close(remove: boolean): Promise<void>
}

export function createJournalFile(file: string): JournalFile {
  let handle: FileHandle | undefined
  let closed: { readonly remove: boolean } | undefined

  async function letGo({ remove }: { readonly remove: boolean }): Promise<void> {
    const open = handle
    handle = undefined
    if (open === undefined) return
    if (remove) await unlink(file).catch(() => undefined)
    await open.close()
  }

  return {
    async append(text) {
      if (handle === undefined) {
        await makeFolder(dirname(file))
        // Never into a file that is there: whose it is, nobody knows.
        handle = await open(file, 'ax')
      }
      try {
        await handle.appendFile(text)
        await assertNamed(handle, file)
      } finally {
        // It hung until nobody waited any more.
        if (closed) await letGo(closed)
      }
    },
    async close(remove) {
      closed = { remove }
      await letGo(closed)
    },
  }
}
