import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { PhoneError } from './phone-error.ts'

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read; check its permissions',
}

/** Why a file could not be read, for a person. */
export function whyUnread(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  return WHY[code] ?? String(thrown)
}

/** Throws `KAV_PHONE_RECORD_UNWRITABLE` where no recording could be written, before anybody has called for it. */
export function checkWritable(path: string): void {
  const fail = (why: string, cause?: unknown): never => {
    const message = `the recording ${path} cannot be written: ${why}`
    throw new PhoneError('KAV_PHONE_RECORD_UNWRITABLE', message, { cause })
  }
  const whole = resolve(path)
  const there = nearest(whole)
  const isFolder = statSync(there).isDirectory()
  if (there === whole && isFolder) fail('it is a folder; name a file in it')
  if (there !== whole && !isFolder) fail(`${there} is no folder`)
  try {
    accessSync(there, constants.W_OK)
  } catch (thrown) {
    fail(`${there} may not be written to`, thrown)
  }
}

/** Of a path and the folders above it, the first that is there. */
function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path))
}
