import { type Clock, type Logger, messageOf, type Metrics, type StoredCall } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { createCallPlaces } from '../history/call-places.ts'
import { storeOutbox } from '../history/store-key.ts'
import { itemName } from '../outbox/item-name.ts'
import { createOutboxFolder } from '../outbox/outbox-folder.ts'
import { OUTBOX_LIMITS } from '../outbox/outbox-limits.ts'
import type { Storage } from '../process/storage.ts'

/** Calls of a worker whose parent is gone, and with it the way to their stores. */
export interface OrphanCalls {
  /** From now on these pipelines. */
  use(loaded: readonly LoadedPipeline[]): void
  /**
   * A call on its way to the parent. Returns what is to be done where there is none any more: it waits in the outbox of
   * the store that it began in, for the next service. That resolves with true when it is safe there, and never rejects.
   */
  seen(pipeline: string, call: StoredCall): () => Promise<boolean>
}

export function createOrphanCalls(parts: {
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}): OrphanCalls {
  const { storage, clock, log, metrics } = parts
  const dirs = new Map<string, string>()
  const places = createCallPlaces<string>()
  let serial = 0

  async function leave(dir: string | undefined, call: StoredCall): Promise<boolean> {
    if (dir === undefined) return false
    try {
      const { maxDead } = OUTBOX_LIMITS
      const folder = createOutboxFolder({ dir, storage, nowMs: clock.nowMs, maxDead })
      await folder.write(itemName(clock.wallMs(), serial++), JSON.stringify(call))
      // A service that is there already need not wait until this process has ended.
      await folder.leave()
      metrics.count('store_calls_orphaned_total')
      log.warn({ call: call.id }, 'WORKER: the parent is gone, a call waits for the next service')
      return true
    } catch (error) {
      log.error({ call: call.id, error: messageOf(error) }, 'WORKER: a call has only its journal')
      return false
    }
  }

  return {
    use(loaded) {
      dirs.clear()
      for (const one of loaded)
        if (one.stages.store !== undefined) dirs.set(one.config.name, storeOutbox(one, one.stages.store))
    },
    seen(pipeline, call) {
      const dir = places.of(call, dirs.get(pipeline))
      return () => leave(dir, call)
    },
  }
}
