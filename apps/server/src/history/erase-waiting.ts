import { readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredCall } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { afterCallOutbox } from '../hooks/after-call-outbox.ts'
import { storeOutbox } from './store-key.ts'
import { unlessGone, unlessGoneList } from './unless-gone.ts'

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

async function eraseItems(
  dir: string,
  isWanted: (call: Party) => boolean,
  partyOf: (item: unknown) => Party | undefined,
): Promise<readonly string[]> {
  const names = await readdir(dir, { recursive: true }).catch(unlessGoneList)
  const erased: string[] = []
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    const text = await readFile(join(dir, name), 'utf8').catch(unlessGone)
    const call = text === undefined ? undefined : partyOf(itemOf(text))
    if (call === undefined || !isWanted(call)) continue
    const isGone = await unlink(join(dir, name)).then(
      () => true,
      (error: NodeJS.ErrnoException) => unlessGone(error) ?? false,
    )
    if (isGone) erased.push(call.id)
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
