import { readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { ErasedCall, StoredCall } from '@kav/core'
import { callFileBase } from '../calls/call-files.ts'
import { afterCallOutbox } from '../hooks/after-call-outbox.ts'
import { unlessGone } from './old-files.ts'
import type { HistoryStore } from './open-history-store.ts'
import { storeOutbox } from './store-key.ts'

/** What is gone. */
export interface Erased {
  readonly calls: readonly ErasedCall[]
  readonly files: readonly string[]
  /** Calls that waited for the store, or for a hook of `after_call`. */
  readonly outbox: readonly WaitingCall[]
  /** Recordings that are not in a folder of records: whoever keeps them has to erase them. */
  readonly elsewhere: readonly string[]
}

export interface WaitingCall {
  readonly id: string
  readonly waitedFor: 'the store' | 'a hook'
}

const ENDINGS = ['.json', '.txt', '.wav', '.journal', '.journal.unread']

/** Erases every call from or to a number: in the store, in what waits for it or for a hook, and in the folders of records. */
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
    const ending = ['.json', '.journal', '.journal.unread'].find((one) => name.endsWith(one))
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

type Party = Pick<StoredCall, 'id' | 'from' | 'to'>

async function eraseOutbox(
  pipelines: HistoryStore['pipelines'],
  party: string,
): Promise<readonly WaitingCall[]> {
  const stores = new Set(pipelines.map((one) => storeOutbox(one, one.stages.store!)))
  const hooks = pipelines.flatMap(({ config: { name, hooks } }) =>
    hooks?.after_call === undefined ? [] : [afterCallOutbox(hooks.after_call.outbox.dir, name)],
  )
  const waited: WaitingCall[] = []
  for (const dir of stores)
    for (const id of await eraseItems(dir, party, (item) => item as Party))
      waited.push({ id, waitedFor: 'the store' })
  for (const dir of hooks)
    for (const id of await eraseItems(dir, party, partyOfHook)) waited.push({ id, waitedFor: 'a hook' })
  return waited
}

function partyOfHook(item: unknown): Party | undefined {
  const { record } = item as { readonly record?: Omit<Party, 'id'> & { readonly callId: string } }
  return record && { ...record, id: record.callId }
}

/** Those given up, in `dead`, too. */
async function eraseItems(
  dir: string,
  party: string,
  partyOf: (item: unknown) => Party | undefined,
): Promise<readonly string[]> {
  const names = await readdir(dir, { recursive: true }).catch(unlessGoneList)
  const erased: string[] = []
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    const text = await readFile(join(dir, name), 'utf8').catch(unlessGone)
    const call = text === undefined ? undefined : partyOf(itemOf(text))
    if (call?.from !== party && call?.to !== party) continue
    if (await remove(join(dir, name))) erased.push(call.id)
  }
  return erased
}

function itemOf(text: string): object {
  try {
    return (JSON.parse(text) as object | null) ?? {}
  } catch {
    return {}
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
