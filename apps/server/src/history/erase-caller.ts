import { readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { ErasedCall, StoredCall } from '@kav/core'
import { callFileBase } from '../calls/call-files.ts'
import { unlessGone } from './old-files.ts'
import type { HistoryStore } from './open-history-store.ts'
import { storeOutbox } from './store-key.ts'

/** What is gone. */
export interface Erased {
  readonly calls: readonly ErasedCall[]
  readonly files: readonly string[]
  /** Calls that waited for the store. */
  readonly outbox: readonly string[]
  /** Recordings that are not in a folder of records: whoever keeps them has to erase them. */
  readonly elsewhere: readonly string[]
}

const ENDINGS = ['.json', '.txt', '.wav', '.journal']

/** Erases every call from or to a number: in the store, in what waits for it, and in the folders of records. */
export async function eraseParty({ store, pipelines }: HistoryStore, party: string): Promise<Erased> {
  const outbox = await eraseOutbox(pipelines, party)
  const calls: ErasedCall[] = []
  for (;;) {
    const erased = await store.erase('call', { party })
    if (erased.length === 0) break
    calls.push(...erased)
  }
  const dirs = [...new Set(pipelines.map(({ config }) => config.record.dir))]
  const files = new Set<string>()
  for (const dir of dirs) {
    const bases = new Set(calls.map(({ startedAtMs, id }) => callFileBase(dir, startedAtMs, id)))
    for (const base of await basesOf(dir, party)) bases.add(base)
    for (const base of bases)
      for (const ending of ENDINGS) if (await remove(`${base}${ending}`)) files.add(`${base}${ending}`)
  }
  const elsewhere = calls.flatMap(({ recording }) =>
    recording === undefined || files.has(recording) ? [] : [recording],
  )
  return { calls, files: [...files], outbox, elsewhere: elsewhere.filter((place) => place.includes('://')) }
}

/** Records and journals that tell of this number: not every call came into the store. */
async function basesOf(dir: string, party: string): Promise<readonly string[]> {
  const names = await readdir(dir).catch(unlessGoneList)
  const found: string[] = []
  for (const name of names) {
    const ending = ['.json', '.journal'].find((one) => name.endsWith(one))
    if (ending === undefined) continue
    const text = await readFile(join(dir, name), 'utf8').catch(unlessGone)
    if (text?.includes(JSON.stringify(party)) && isOf(text, party))
      found.push(join(dir, name.slice(0, -ending.length)))
  }
  return found
}

/** Said as the number of an end; not in the transcript alone. */
function isOf(text: string, party: string): boolean {
  const said = JSON.stringify(party)
  // A journal's lines have no spaces, a record has one.
  return ['"from":', '"to":'].some((end) => text.includes(end + said) || text.includes(`${end} ${said}`))
}

async function eraseOutbox(pipelines: HistoryStore['pipelines'], party: string): Promise<readonly string[]> {
  const dirs = new Set(pipelines.map((one) => storeOutbox(one, one.stages.store!)))
  const erased: string[] = []
  for (const dir of dirs) {
    const names = await readdir(dir, { recursive: true }).catch(unlessGoneList)
    for (const name of names.filter((one) => one.endsWith('.json'))) {
      const text = await readFile(join(dir, name), 'utf8').catch(unlessGone)
      const call = text === undefined ? undefined : callOf(text)
      if (call?.from !== party && call?.to !== party) continue
      if (await remove(join(dir, name))) erased.push(call.id)
    }
  }
  return erased
}

function callOf(text: string): StoredCall | undefined {
  try {
    return JSON.parse(text) as StoredCall
  } catch {
    return undefined
  }
}

async function remove(file: string): Promise<boolean> {
  return unlink(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => unlessGone(error) ?? false,
  )
}

function unlessGoneList(error: NodeJS.ErrnoException): string[] {
  return unlessGone(error) ?? []
}
