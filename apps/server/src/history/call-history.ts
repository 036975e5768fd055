import { type CallStore, type Clock, type Logger, messageOf, type StoredCall } from '@kav/core'
import { createCallStore, type LoadedPipeline } from '@kav/core/host'
import { settleWithin } from '@kav/core/kit'
import type { ProcessMetrics } from '../metrics.ts'
import { openOutbox, type Outbox } from '../outbox/outbox.ts'
import { Undeliverable } from '../outbox/outbox-limits.ts'
import type { Storage } from '../process/storage.ts'
import { startRetention } from './retention.ts'
import { storeKey, storeOutbox } from './store-key.ts'
import { createStoreWriter, isUnfit, type StoreWriter } from './store-writer.ts'

/** The stores of a service, and how its calls come into them. */
export interface CallHistory {
  /** Never waits; of a pipeline without a store, nothing happens. */
  put(pipeline: string, call: StoredCall): void
  /** The store of a pipeline; each store once. */
  readonly stores: ReadonlyMap<string, CallStore>
  readonly pipelines: readonly LoadedPipeline[]
  /** From now on these pipelines. A store that none of them names stays open for calls that run. */
  use(loaded: readonly LoadedPipeline[]): void
  /** Never rejects; within two seconds. */
  close(): Promise<void>
}

export interface CallHistoryParts {
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: ProcessMetrics
  readonly storage: Storage
  /** This process's name among others. */
  readonly node: string
}

interface OpenStore {
  readonly store: CallStore
  readonly writer: StoreWriter
  readonly outbox: Outbox<StoredCall>
}

const WRITER_CLOSE_MS = 900
const STORE_CLOSE_MS = 500

/** Opens the stores that the files name. One that cannot be reached now is tried again with every batch. */
export function openCallHistory(loaded: readonly LoadedPipeline[], parts: CallHistoryParts): CallHistory {
  const { clock, log, metrics } = parts
  const open = new Map<string, OpenStore>()
  let byPipeline = new Map<string, OpenStore>()
  let pipelines: readonly LoadedPipeline[] = []

  function use(next: readonly LoadedPipeline[]): void {
    const found = new Map(byPipeline)
    for (const one of next) {
      const { store } = one.stages
      if (store === undefined) found.delete(one.config.name)
      else found.set(one.config.name, openOnce(one, store))
    }
    byPipeline = found
    pipelines = next
  }

  function openOnce(one: LoadedPipeline, stage: NonNullable<LoadedPipeline['stages']['store']>): OpenStore {
    const key = storeKey(stage)
    const known = open.get(key)
    if (known !== undefined) return known
    const opened = openStore(one, stage, parts)
    open.set(key, opened)
    return opened
  }

  const stores = {
    get map(): ReadonlyMap<string, CallStore> {
      return new Map(
        pipelines.flatMap(({ config: { name } }) => {
          const one = byPipeline.get(name)
          return one === undefined ? [] : [[name, one.store] as const]
        }),
      )
    },
  }
  use(loaded)
  const stopRetention = startRetention({
    ...parts,
    metrics: metrics.metrics,
    pipelines: () => pipelines,
    stores: () => stores.map,
  })

  return {
    put: (pipeline, call) => byPipeline.get(pipeline)?.writer.put(call),
    get stores() {
      return stores.map
    },
    get pipelines() {
      return pipelines
    },
    use,
    async close() {
      stopRetention()
      await Promise.all([...open.values()].map((one) => closeStore(one, clock, log)))
    },
  }
}

function openStore(
  one: LoadedPipeline,
  stage: NonNullable<LoadedPipeline['stages']['store']>,
  { clock, log, metrics: { metrics }, storage }: CallHistoryParts,
): OpenStore {
  const { name, provider: store } = createCallStore(stage, {
    log: log.child({ plugin: stage.plugin.name }),
    metrics,
    clock,
    baseDir: one.baseDir,
  })
  const own = log.child({ store: name })
  const outbox = openOutbox<StoredCall>({
    name: 'store',
    dir: storeOutbox(one, stage),
    deliver: (call) => deliver(store, call),
    // A call's beginning before its end.
    limits: { atATime: 1 },
    storage,
    clock,
    log: own,
    metrics,
  })
  store
    .warm?.()
    .catch((error: unknown) =>
      own.error({ error: messageOf(error) }, 'HISTORY: the store cannot be opened, calls wait in the outbox'),
    )
  return { store, outbox, writer: createStoreWriter({ store, outbox, clock, log: own, metrics }) }
}

async function deliver(store: CallStore, call: StoredCall): Promise<void> {
  try {
    await store.put([call])
  } catch (error) {
    throw isUnfit(error) ? new Undeliverable(messageOf(error)) : error
  }
}

/** First what waits, then those who take it. */
async function closeStore({ store, writer, outbox }: OpenStore, clock: Clock, log: Logger): Promise<void> {
  await writer.close(WRITER_CLOSE_MS)
  await outbox.close()
  const closed = store.close().catch((error: unknown) => {
    log.warn({ error: messageOf(error) }, 'HISTORY: a store did not close')
  })
  await settleWithin(clock, STORE_CLOSE_MS, closed)
}
