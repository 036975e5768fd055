import { createHash } from 'node:crypto'
import { readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWholeFile } from '../process/plain-file.ts'
import type { NamedCall } from './erase-at-end.ts'
import { unlessGone, unlessGoneList } from './unless-gone.ts'

/** What somebody wants erased: a number, or one call. */
export interface AskedErasure {
  readonly what: { readonly party: string } | NamedCall
  /** Names of the pipelines in whose stores and folders. */
  readonly of: readonly string[]
}

/** In a folder of records, from before anything is erased until all of it is: so a fault in the middle loses nothing. */
const ENDING = '.to-erase'

export async function noteAsked(dir: string, asked: AskedErasure): Promise<void> {
  await writeWholeFile(fileOf(dir, asked), Buffer.from(JSON.stringify(asked)))
}

/** It is done. */
export async function forgetAsked(dir: string, asked: AskedErasure): Promise<void> {
  await unlink(fileOf(dir, asked)).catch(unlessGone)
}

export async function askedErasures(dir: string): Promise<readonly AskedErasure[]> {
  const found: AskedErasure[] = []
  for (const name of await readdir(dir).catch(unlessGoneList)) {
    if (!name.endsWith(ENDING)) continue
    const text = await readFile(join(dir, name), 'utf8').catch(unlessGone)
    const asked = text === undefined ? undefined : askedIn(text)
    if (asked !== undefined) found.push(asked)
  }
  return found
}

/** The same is asked once, and no name of a file holds a number. */
function fileOf(dir: string, asked: AskedErasure): string {
  return join(dir, `${createHash('sha256').update(JSON.stringify(asked)).digest('hex')}${ENDING}`)
}

function askedIn(text: string): AskedErasure | undefined {
  try {
    const { what, of } = JSON.parse(text) as { what?: Partial<NamedCall> & { party?: unknown }; of?: unknown }
    if (!Array.isArray(of)) return undefined
    const names = of.map(String)
    if (typeof what?.party === 'string') return { what: { party: what.party }, of: names }
    if (typeof what?.id !== 'string' || typeof what.startedAtMs !== 'number') return undefined
    return { what: { id: what.id, startedAtMs: what.startedAtMs }, of: names }
  } catch {
    return undefined
  }
}
