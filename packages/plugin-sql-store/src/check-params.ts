import { resolve } from 'node:path'
import { messageOf, type ParamWarning } from '@kav/core'
import type { Params } from './params.ts'
import { readPassword } from './password-file.ts'

/** What does not go together. Pure. */
export function checkParams({ url, password_file: file }: Params): readonly ParamWarning[] {
  if (file === undefined) return []
  if (url === undefined)
    return [{ path: ['password_file'], message: 'not read: it is for PostgreSQL; write its url, too' }]
  if (!hasPassword(url)) return []
  return [{ path: ['url'], message: 'its password is not used: password_file has it; take it out here' }]
}

/** The file of the password, where one is named. */
export async function checkFiles(
  { url, password_file: file }: Params,
  baseDir: string,
): Promise<readonly ParamWarning[]> {
  if (file === undefined || url === undefined) return []
  try {
    await readPassword(resolve(baseDir, file))
    return []
  } catch (error) {
    return [{ severity: 'error', path: ['password_file'], message: messageOf(error) }]
  }
}

/** Its user may not be named, and its host may be a folder: not every one is a URL of the standard's. */
const hasPassword = (url: string): boolean => /^[a-z]+:\/\/[^@/?#:]*:[^@/?#]+@/.test(url)
