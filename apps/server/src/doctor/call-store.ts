import { randomBytes } from 'node:crypto'
import type { CallStore, LiveFinding, PluginContext, StoredCall } from '@kav/core'
import { createCallStore, type LoadedStage } from '@kav/core/host'
import { finding, settleWithin, withDeadline } from '@kav/core/kit'
import { faultFinding } from './provider-faults.ts'

const LIMIT_MS = 20_000
const CLOSE_LIMIT_MS = 2000

/** Whether the store opens, comes to its version, and takes a call: one of no number and no word, erased at once. */
export async function storeFindings(
  stage: LoadedStage<'store'> | undefined,
  context: PluginContext,
): Promise<readonly LiveFinding[]> {
  if (stage === undefined) return []
  let store: CallStore | undefined
  try {
    store = createCallStore(stage, context).provider
    await withDeadline(context.clock, LIMIT_MS, 'writing a call', tryStore(store, context.clock.wallMs()))
    return [finding.ok('the store opens, is of the right version, and keeps and erases a call')]
  } catch (thrown) {
    return [faultFinding(thrown, 'the store does not keep calls')]
  } finally {
    await settleWithin(context.clock, CLOSE_LIMIT_MS, Promise.resolve(store?.close()))
  }
}

async function tryStore(store: CallStore, startedAtMs: number): Promise<void> {
  const id = `kav-doctor-${randomBytes(6).toString('hex')}`
  await store.warm?.()
  const probe: StoredCall = {
    ...{ id, startedAtMs, state: 'ended', pipeline: 'kav-doctor', direction: 'in' },
    ...{ durationMs: 0, outcome: 'doctor', turns: 0, facts: {} },
  }
  try {
    await store.put([probe])
  } finally {
    await store.erase('call', { id })
  }
}
