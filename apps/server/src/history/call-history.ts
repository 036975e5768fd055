import { type CallStore, type Clock, type Logger, messageOf, type StoredCall } from '@kav/core'
import { createCallStore, type LoadedPipeline } from '@kav/core/host'
import { settleWithin } from '@kav/core/kit'
import type { ProcessMetrics } from '../metrics.ts'
import { openOutbox, type Outbox } from '../outbox/outbox.ts'
import { Undeliverable } from '../outbox/outbox-limits.ts'
import type { Storage } from '../process/storage.ts'
import { redactedLog } from '../privacy/redacted-log.ts'
import { redactionsOf } from '../privacy/redactions-of.ts'
import { openRemovals, type Removals } from '../recording/removals.ts'
import { isUnfit } from './batch-put.ts'
import { type JoinedStores, joinStores } from './joined-stores.ts'
import { createKeptPlaces } from './kept-places.ts'
import { startRetention } from './retention.ts'
import { storeKey, storeOutbox } from './store-key.ts'
import { createStoreWriter, type StoreWriter } from './store-writer.ts'

/** The stores of a service, and how its calls come into them. */
export interface CallHistory {
  /**
   * As `StoreWriter.put`. A call that runs goes to the store that it began in, whatever its pipeline has by then; of one
   * without a store, nothing happens.
   */
  put(pipeline: string, call: StoredCall): Promise<boolean>
  /** The store of a pipeline; each store once. */
  readonly stores: ReadonlyMap<string, CallStore>
  /** All of them, to be asked as one; `undefined`: no pipeline has a store. */
  readonly store: JoinedStores | undefined
  /** Finds recordings where they were brought, and takes them from there. */
  readonly removals: Pick<Removals, 'find' | 'remove'>
  /** Whether each takes calls now. */
  states(): readonly StoreState[]
  readonly pipelines: readonly LoadedPipeline[]
  /** From now on these pipelines. A store that none of them names stays open for calls that run. */
  use(loaded: readonly LoadedPipeline[]): void
  /** Nobody waits for a store for long from now on. */
  hasten(): void
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

/** How a store is. */
export interface StoreState {
  readonly store: string
  readonly pipelines: readonly string[]
  /** False: calls wait in the outbox. */
  readonly taking: boolean
  /** Calls that wait for it, those in the outbox included. */
  readonly waiting: number
}

interface OpenStore {
  readonly name: string
  readonly store: CallStore
  readonly writer: StoreWriter
  readonly outbox: Outbox<StoredCall>
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

/** Opens the stores that the files name. One that cannot be reached now is tried again with every batch. */
export function openCallHistory(loaded: readonly LoadedPipeline[], parts: CallHistoryParts): CallHistory {
  const { clock, log, metrics } = parts
  const removals = openRemovals({ ...parts, metrics: metrics.metrics })
  const open = new Map<string, OpenStore>()
  const places = createKeptPlaces<OpenStore>()
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
    removals.use(next)
  }

  function onTaking(): void {
    metrics.metrics.gauge('stores_away', [...open.values()].filter(({ writer }) => !writer.taking).length)
  }

  function openOnce(one: LoadedPipeline, stage: NonNullable<LoadedPipeline['stages']['store']>): OpenStore {
    const key = storeKey(stage)
    const known = open.get(key)
    if (known !== undefined) return known
    const opened = openStore(one, stage, { ...parts, onTaking })
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
  metrics.metrics.gauge('stores_away', 0)
  use(loaded)
  const stopRetention = startRetention({
    ...parts,
    metrics: metrics.metrics,
    removals,
    pipelines: () => pipelines,
    stores: () => stores.map,
  })

  return {
    put: async (pipeline, call) =>
      (await places.of(call, byPipeline.get(pipeline))?.writer.put(call)) ?? true,
    get stores() {
      return stores.map
    },
    get pipelines() {
      return pipelines
    },
    get store() {
      const all = [...new Set(stores.map.values())]
      return all.length === 0 ? undefined : joinStores(all)
    },
    removals,
    states: () =>
      [...new Set(byPipeline.values())].map(({ name, writer, outbox }) => ({
        store: name,
        pipelines: [...byPipeline].flatMap(([pipeline, one]) => (one.writer === writer ? [pipeline] : [])),
        taking: writer.taking,
        waiting: writer.waiting + outbox.waiting,
      })),
    use,
    hasten() {
      for (const { writer } of open.values()) writer.hasten()
    },
    async close() {
      stopRetention()
      const closed = [...open.values()].map((one) => closeStore(one, clock, log))
      await Promise.all([...closed, removals.close(0)])
    },
  }
}

function openStore(
  one: LoadedPipeline,
  stage: NonNullable<LoadedPipeline['stages']['store']>,
  parts: CallHistoryParts & { readonly onTaking: () => void },
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
async function closeStore({ store, writer, outbox }: OpenStore, clock: Clock, log: Logger): Promise<void> {
  await writer.close(WRITER_CLOSE_MS)
  await outbox.close()
  const closed = store.close().catch((error: unknown) => {
    log.warn({ error: messageOf(error) }, 'HISTORY: a store did not close')
  })
  await settleWithin(clock, STORE_CLOSE_MS, closed)
}
