import type { CallStore, Clock, Logger, Metrics, StoredCall } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { REFUSED } from '../calls/refused-calls.ts'
import type { ProcessMetrics } from '../metrics.ts'
import type { Storage } from '../process/storage.ts'
import { openRemovals, type Removals } from '../recording/removals.ts'
import { closeStore, createOpenStores, type OpenStore } from './open-stores.ts'
import { createDueErasures } from './due-erasures.ts'
import type { KeptPlaces } from './erase-calls.ts'
import { type JoinedStores, joinStores } from './joined-stores.ts'
import { createCallPlaces } from './call-places.ts'
import { startRetention } from './retention.ts'

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
  /** From now on these pipelines. A store that none of them names stays open for calls that run. Closed, it opens none. */
  use(loaded: readonly LoadedPipeline[]): void
  /** Nobody waits for a store for long from now on. */
  hasten(): void
  /** Never rejects; within two seconds, or about the time it is given. */
  close(withinMs?: number): Promise<void>
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
  /** Why not; absent while it takes them. */
  readonly why?: string
  /** Calls that wait for it, those in the outbox included. */
  readonly waiting: number
}

/** What may wait of callers who were refused: the rest of the room is for calls. */
const REFUSED_WAITING = 500
const REFUSED_OUTBOX = 5000

function isLeftOut({ outcome }: StoredCall, { writer, outbox }: OpenStore, metrics: Metrics): boolean {
  if (outcome !== REFUSED) return false
  if (writer.waiting < REFUSED_WAITING && outbox.waiting < REFUSED_OUTBOX) return false
  metrics.count('refused_calls_unkept_total', 1, { why: 'store' })
  return true
}

/** Of these pipelines, each store once; all that are open, where none are named. */
function placesOf(
  of: readonly string[] | undefined,
  {
    open,
    byPipeline,
    pipelines,
    removals,
  }: Pick<KeptPlaces, 'pipelines' | 'removals'> & {
    readonly open: Pick<ReturnType<typeof createOpenStores>, 'all'>
    readonly byPipeline: ReadonlyMap<string, OpenStore>
  },
): KeptPlaces {
  if (of === undefined) return { store: joinStores(open.all.map(({ store }) => store)), pipelines, removals }
  const stores = new Set(of.flatMap((name) => byPipeline.get(name)?.store ?? []))
  return {
    store: joinStores([...stores]),
    pipelines: pipelines.filter(({ config }) => of.includes(config.name)),
    removals,
  }
}

/** Opens the stores that the files name. One that cannot be reached now is tried again with every batch. */
export function openCallHistory(loaded: readonly LoadedPipeline[], parts: CallHistoryParts): CallHistory {
  const { clock, log, metrics } = parts
  const removals = openRemovals({ ...parts, metrics: metrics.metrics })
  const open = createOpenStores(parts)
  const places = createCallPlaces<OpenStore>()
  let byPipeline = new Map<string, OpenStore>()
  let pipelines: readonly LoadedPipeline[] = []
  let isClosed = false

  function use(next: readonly LoadedPipeline[]): void {
    // Files may be read anew while the process ends: nobody would close a store that is opened now.
    if (isClosed) return
    const found = new Map(byPipeline)
    for (const one of next) {
      const { store } = one.stages
      if (store === undefined) found.delete(one.config.name)
      else found.set(one.config.name, open.of(one, store))
    }
    byPipeline = found
    pipelines = next
    removals.use(next)
  }

  const stores = (): ReadonlyMap<string, CallStore> =>
    new Map(
      pipelines.flatMap(({ config: { name } }) => {
        const one = byPipeline.get(name)
        return one === undefined ? [] : [[name, one.store] as const]
      }),
    )
  const erasures = createDueErasures({
    ...parts,
    metrics: metrics.metrics,
    // Those, too, that no file names any more: a call may have ended there.
    places: (of) => placesOf(of, { open, byPipeline, pipelines, removals }),
  })
  use(loaded)
  const stopRetention = startRetention({
    ...parts,
    metrics: metrics.metrics,
    removals,
    pipelines: () => pipelines,
    stores,
    erasures,
  })

  return {
    async put(pipeline, call) {
      const place = places.of(call, byPipeline.get(pipeline))
      if (place === undefined || isLeftOut(call, place, metrics.metrics)) return true
      const isSafe = await place.writer.put(call)
      // Whoever told it need not wait.
      if (isSafe) void erasures.over(call)
      return isSafe
    },
    get stores() {
      return stores()
    },
    get pipelines() {
      return pipelines
    },
    get store() {
      const all = [...new Set(stores().values())]
      return all.length === 0 ? undefined : joinStores(all)
    },
    removals,
    states: () =>
      [...new Set(byPipeline.values())].map(({ name, writer, outbox }) => ({
        store: name,
        pipelines: [...byPipeline].flatMap(([pipeline, one]) => (one.writer === writer ? [pipeline] : [])),
        taking: writer.taking,
        ...(writer.why !== undefined && { why: writer.why }),
        waiting: writer.waiting + outbox.waiting,
      })),
    use,
    hasten() {
      for (const { writer } of open.all) writer.hasten()
    },
    async close(withinMs = Infinity) {
      isClosed = true
      stopRetention()
      const closed = open.all.map((one) => closeStore(one, { clock, log, withinMs }))
      await Promise.all([...closed, removals.close(0)])
    },
  }
}
