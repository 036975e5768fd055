import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { StoredCall } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { afterCallOutbox } from '../hooks/after-call-outbox.ts'
import { namesIn } from '../outbox/item-file.ts'
import { storeOutbox } from './store-key.ts'
import { unlessGone, unlinkFound } from './unless-gone.ts'

/** A call that waited for somebody who was away. */
export interface WaitingCall {
  readonly id: string
  readonly waitedFor: 'the store' | 'a hook'
}

/** Which call an item tells of. */
export type Party = Pick<StoredCall, 'id' | 'startedAtMs' | 'from' | 'to'>

/** Erases calls from the outboxes of stores and of hooks, those given up included. */
export async function eraseWaiting(
  pipelines: readonly LoadedPipeline[],
  isWanted: (call: Party) => boolean,
): Promise<readonly WaitingCall[]> {
  const stores = new Set(
    pipelines.flatMap((one) => (one.stages.store === undefined ? [] : [storeOutbox(one, one.stages.store)])),
  )
  const hooks = pipelines.flatMap(({ config: { name, hooks } }) =>
    hooks?.after_call === undefined ? [] : [afterCallOutbox(hooks.after_call.outbox.dir, name)],
  )
  const waited: WaitingCall[] = []
  for (const dir of stores)
    for (const id of await eraseItems(dir, isWanted, (item) => item as Party))
      waited.push({ id, waitedFor: 'the store' })
  for (const dir of hooks)
    for (const id of await eraseItems(dir, isWanted, partyOfHook)) waited.push({ id, waitedFor: 'a hook' })
  return waited
}

function partyOfHook(item: unknown): Party | undefined {
  const { record } = item as {
    readonly record?: Pick<Party, 'from' | 'to'> & { readonly callId: string; readonly startedAt?: string }
  }
  return record && { ...record, id: record.callId, startedAtMs: Date.parse(record.startedAt ?? '') }
}

/** Calls that end meanwhile are put there, too: they need not be waited for. */
const MAX_LOOKS = 10

/**
 * Others may take over meanwhile what a dead process has left, or leave what is theirs: an item is in another folder then
 * by the time that it is read, or was not there yet when that one was looked at. So it is looked twice at least, and
 * until there is none that was not seen.
 */
async function eraseItems(
  dir: string,
  isWanted: (call: Party) => boolean,
  partyOf: (item: unknown) => Party | undefined,
): Promise<readonly string[]> {
  const erased: string[] = []
  const seen = new Set<string>()
  for (let look = 1; look <= MAX_LOOKS; look++) {
    const unseen = (await itemsIn(dir)).filter((file) => !seen.has(basename(file)))
    if (unseen.length === 0 && look > 1) break
    for (const file of unseen) {
      const text = await readFile(file, 'utf8').catch(unlessGone)
      if (text === undefined) continue
      const call = partyOf(itemOf(text))
      if (call === undefined || !isWanted(call)) seen.add(basename(file))
      else if (await unlinkFound(file)) erased.push(call.id)
    }
  }
  return erased
}

/** Of every owner, and those given up. */
async function itemsIn(dir: string): Promise<readonly string[]> {
  const files: string[] = []
  for (const folder of await namesIn(dir))
    for (const name of await namesIn(join(dir, folder)))
      if (name.endsWith('.json')) files.push(join(dir, folder, name))
  return files
}

function itemOf(text: string): object {
  try {
    return (JSON.parse(text) as object | null) ?? {}
  } catch {
    return {}
  }
}
