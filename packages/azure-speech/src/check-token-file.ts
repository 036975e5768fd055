import { resolve } from 'node:path'
import { messageOf, type ParamWarning } from '@kav/core'
import { readToken } from './token.ts'

/** What is wrong with a token file that params name, now; whoever renews it may still write it. */
export async function checkTokenFile(file: string, baseDir: string): Promise<readonly ParamWarning[]> {
  try {
    await readToken(resolve(baseDir, file))
    return []
  } catch (error) {
    return [{ path: ['token_file'], message: messageOf(error), severity: 'error' }]
  }
}
