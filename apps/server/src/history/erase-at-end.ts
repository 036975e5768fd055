import { readdir, readFile, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { JOURNAL_ENDING } from '../calls/call-journal.ts'
import { readJournal } from '../calls/journal-lines.ts'
import { ownMark, stateOf } from '../process/process-mark.ts'
import { writeWholeFile } from '../process/plain-file.ts'
import { unlessGone, unlessGoneList } from './unless-gone.ts'

/** Beside the files of a call that runs: it is to be erased when it is over, whichever process has it. */
const ERASE_ENDING = '.erase'

/** A call by its name. */
export interface NamedCall {
  readonly id: string
  readonly startedAtMs: number
}

/** A call that waits for its end to be erased. */
export interface ToEraseAtEnd extends NamedCall {
  /** Of its files, without an ending. */
  readonly base: string
}

/** The call whose journal this is, as long as its process lives, or cannot be seen. */
export async function runningCall(base: string): Promise<NamedCall | undefined> {
  const text = await readFile(`${base}${JOURNAL_ENDING}`, 'utf8').catch(unlessGone)
  const head = text === undefined ? undefined : readJournal(text).head
  if (head === undefined || stateOf(head.owner, ownMark()) === 'dead') return undefined
  return { id: head.callId, startedAtMs: head.startedAtWallMs }
}

export async function eraseAtEnd(base: string, { id, startedAtMs }: NamedCall): Promise<void> {
  await writeWholeFile(`${base}${ERASE_ENDING}`, Buffer.from(JSON.stringify({ id, startedAtMs })))
}

/** It is done. */
export async function forgetErasure(base: string): Promise<void> {
  await unlink(`${base}${ERASE_ENDING}`).catch(unlessGone)
}

/** `undefined`: nobody wants this call erased. */
export async function wantedErasure(base: string): Promise<ToEraseAtEnd | undefined> {
  const text = await readFile(`${base}${ERASE_ENDING}`, 'utf8').catch(unlessGone)
  const call = text === undefined ? undefined : callIn(text)
  return call && { ...call, base }
}

/** Those of a folder of records. */
export async function wantedErasures(dir: string): Promise<readonly ToEraseAtEnd[]> {
  const found: ToEraseAtEnd[] = []
  for (const name of await readdir(dir).catch(unlessGoneList)) {
    if (!name.endsWith(ERASE_ENDING)) continue
    const wanted = await wantedErasure(join(dir, basename(name, ERASE_ENDING)))
    if (wanted !== undefined) found.push(wanted)
  }
  return found
}

function callIn(text: string): NamedCall | undefined {
  try {
    const value = JSON.parse(text) as Partial<NamedCall> | null
    if (typeof value?.id !== 'string' || typeof value.startedAtMs !== 'number') return undefined
    return { id: value.id, startedAtMs: value.startedAtMs }
  } catch {
    return undefined
  }
}
