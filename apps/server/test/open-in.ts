import { existsSync, readdirSync, readlinkSync } from 'node:fs'

const OPEN_FILES = '/proc/self/fd'

/** Whether the system says which files this process has open. */
export const tellsOpenFiles = existsSync(OPEN_FILES)

/** The files of a folder that this process has open, those counted that were removed meanwhile. */
export function openIn(folder: string): readonly string[] {
  return readdirSync(OPEN_FILES).flatMap((fd) => {
    try {
      const path = readlinkSync(`${OPEN_FILES}/${fd}`)
      return path.startsWith(folder) ? [path] : []
    } catch {
      // The one by which the folder was read.
      return []
    }
  })
}
