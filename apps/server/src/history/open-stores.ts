import { type CallStore, type Clock, type Logger, messageOf, type StoredCall } from '@kav/core'
import { createCallStore, type LoadedPipeline } from '@kav/core/host'
import { settleWithin } from '@kav/core/kit'
import type { ProcessMetrics } from '../metrics.ts'
import { openOutbox, type Outbox } from '../outbox/outbox.ts'
import { Undeliverable } from '../outbox/outbox-limits.ts'
import type { Storage } from '../process/storage.ts'
import { redactedLog } from '../privacy/redacted-log.ts'
import { redactionsOf } from '../privacy/redactions-of.ts'
import { isUnfit } from './batch-put.ts'
import { storeKey, storeOutbox } from './store-key.ts'
import { createStoreWriter, type StoreWriter } from './store-writer.ts'

/** A store, and the ways into it. */
export interface OpenStore {
  readonly name: string
  readonly store: CallStore
  readonly writer: StoreWriter
  readonly outbox: Outbox<StoredCall>
}

export interface OpenStoreParts {
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: ProcessMetrics
  readonly storage: Storage
}

/** A database may be away over holidays, and is asked again soon: it is the operator's own. */
const OUTBOX = {
  // A call's beginning before its end.
  atATime: 1,
  maxPauseMs: 30_000,
  maxItems: 100_000,
  maxBytes: 1024 * 1024 * 1024,
  maxAgeMs: 30 * 24 * 3_600_000,
}
const WRITER_CLOSE_MS = 900
const STORE_CLOSE_MS = 500

/** Each store once, from when it is first named to the end of the process. */
export function createOpenStores(parts: OpenStoreParts) {
  const { metrics } = parts.metrics
  const open = new Map<string, OpenStore>()
  metrics.gauge('stores_away', 0)

  function onTaking(): void {
    metrics.gauge('stores_away', [...open.values()].filter(({ writer }) => !writer.taking).length)
  }

  return {
    get all(): readonly OpenStore[] {
      return [...open.values()]
    },
    of(one: LoadedPipeline, stage: NonNullable<LoadedPipeline['stages']['store']>): OpenStore {
      const key = storeKey(stage)
      const opened = open.get(key) ?? openStore(one, stage, { ...parts, onTaking })
      open.set(key, opened)
      return opened
    },
  }
}

function openStore(
  one: LoadedPipeline,
  stage: NonNullable<LoadedPipeline['stages']['store']>,
  parts: OpenStoreParts & { readonly onTaking: () => void },
): OpenStore {
  const { clock, log, storage, onTaking } = parts
  const { metrics } = parts.metrics
  const { name, provider: store } = createCallStore(stage, {
    log: redactedLog(log.child({ plugin: stage.plugin.name }), {
      redactions: () => redactionsOf([one]),
      metrics,
    }),
    metrics,
    clock,
    baseDir: one.baseDir,
  })
  const own = log.child({ store: name })
  const outbox = openOutbox<StoredCall>({
    name: 'store',
    dir: storeOutbox(one, stage),
    async deliver(call) {
      await deliver(store, call)
      writer.back()
    },
    limits: OUTBOX,
    storage,
    clock,
    log: own,
    metrics,
  })
  const writer: StoreWriter = createStoreWriter({ store, outbox, clock, log: own, metrics, onTaking })
  // Nobody waits for it: calls are taken without.
  store.warm?.().catch((error: unknown) => writer.away(error))
  return { name, store, outbox, writer }
}

async function deliver(store: CallStore, call: StoredCall): Promise<void> {
  try {
    await store.put([call])
  } catch (error) {
    throw isUnfit(error) ? new Undeliverable(messageOf(error)) : error
  }
}

/** First what waits, then those who take it. */
export async function closeStore(
  { store, writer, outbox }: OpenStore,
  { clock, log, withinMs }: { readonly clock: Clock; readonly log: Logger; readonly withinMs: number },
): Promise<void> {
  await writer.close(Math.min(WRITER_CLOSE_MS, withinMs / 2))
  await outbox.close()
  const closed = store.close().catch((error: unknown) => {
    log.warn({ error: messageOf(error) }, 'HISTORY: a store did not close')
  })
  await settleWithin(clock, Math.min(STORE_CLOSE_MS, withinMs / 4), closed)
}
