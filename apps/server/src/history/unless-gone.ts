import { unlink } from 'node:fs/promises'

/** For what may be gone by now. */
export function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

export function unlessGoneList(error: NodeJS.ErrnoException): string[] {
  return unlessGone(error) ?? []
}

/** False: it was gone. */
export function unlinkFound(file: string): Promise<boolean> {
  return unlink(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => unlessGone(error) ?? false,
  )
}
