import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../audio/', import.meta.url))

/** Names of the recordings that come with the phone, `tt-weasels` and so on, sorted. */
export function recordingNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.wav'))
    .map((file) => file.slice(0, -4))
    .sort()
}

/** Path of a recording that comes with the phone; with or without `.wav`. Throws a `RangeError` naming all of them. */
export function recording(name: string): string {
  const path = FOLDER + (name.endsWith('.wav') ? name : `${name}.wav`)
  if (!name.includes('/') && existsSync(path)) return path
  throw new RangeError(`no recording "${name}"; there are: ${recordingNames().join(', ')}`)
}
