import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { isFinishedWav } from '../recording/repair-wav.ts'
import type { Storage } from '../process/storage.ts'
import { callOfName } from './record-of-journal.ts'

/** A recording beside which nothing tells of its call. */
export interface LoneRecording {
  /** Of its file, without the ending. */
  readonly base: string
  readonly bytes: number
}

const RECORDING = '.wav'
/** One of these says what became of the call, or will be read for it. */
const COMPANIONS = ['.json', '.txt', '.journal', '.journal.unread', '.uploaded']

/**
 * Recordings of calls whose journal could not be written, and whose process died before it closed them. One that was
 * closed may stand alone for many reasons: somebody has moved its record away, or none was to be kept.
 */
export async function loneRecordings(
  names: readonly string[],
  { dir, storage }: { readonly dir: string; readonly storage: Storage },
): Promise<readonly LoneRecording[]> {
  const there = new Set(names)
  const found: LoneRecording[] = []
  for (const name of names) {
    const base = name.slice(0, -RECORDING.length)
    if (!name.endsWith(RECORDING) || callOfName(base) === undefined) continue
    if (COMPANIONS.some((ending) => there.has(base + ending))) continue
    const file = join(dir, name)
    const bytes = await storage.run(async () => {
      const facts = await lstat(file).catch(() => undefined)
      return facts?.isFile() === true && !(await isFinishedWav(file)) ? facts.size : undefined
    })
    if (bytes !== undefined) found.push({ base, bytes })
  }
  return found
}
