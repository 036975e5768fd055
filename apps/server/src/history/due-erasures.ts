import { type Logger, messageOf, type Metrics, type StoredCall } from '@kav/core'
import { callFileBase } from '../calls/call-files.ts'
import type { Storage } from '../process/storage.ts'
import { type AskedErasure, askedErasures } from './asked-erasures.ts'
import {
  forgetErasure,
  runningCall,
  type ToEraseAtEnd,
  wantedErasure,
  wantedErasures,
} from './erase-at-end.ts'
import { eraseCalls, type KeptPlaces } from './erase-calls.ts'

/** Erases calls that somebody wanted to have erased while they ran, now that they are over. */
export interface DueErasures {
  /** A call is over, and safe. Never rejects. */
  over(call: Pick<StoredCall, 'id' | 'startedAtMs' | 'state'>): Promise<void>
  /** All of the folders whose call is over: an end may have been told while nobody could erase. Never rejects. */
  round(): Promise<void>
}

export function createDueErasures(parts: {
  /** As they are now; of these pipelines alone, where some are named. */
  readonly places: (of?: readonly string[]) => KeptPlaces
  readonly storage: Storage
  readonly log: Logger
  readonly metrics: Metrics
}): DueErasures {
  const { places, storage, log, metrics } = parts

  const dirs = (): readonly string[] => [
    ...new Set(places().pipelines.map(({ config }) => config.record.dir)),
  ]

  async function erase({ base, ...call }: ToEraseAtEnd): Promise<void> {
    const { later, unerased } = await eraseCalls(places(), { ...call, isOver: true })
    if (unerased[0] !== undefined) throw new Error(unerased[0].why)
    await forgetErasure(base)
    metrics.count('history_erased_at_end_total')
    log.info(
      { call: call.id, later: later.length },
      'HISTORY: erased a call that ran when it was to be erased',
    )
  }

  /** What a fault has broken off. */
  async function finish({ what, of }: AskedErasure): Promise<void> {
    const left = places(of)
    if (left.pipelines.length === 0)
      throw new Error('no pipeline of those that it was asked of is here any more')
    const { calls, files, unerased, unreached } = await eraseCalls(left, what)
    if (unerased[0] !== undefined) throw new Error(unerased[0].why)
    log.info(
      {
        calls: calls.length,
        files: files.length,
        unreached: unreached.map(({ id, node }) => ({ id, node })),
      },
      'HISTORY: finished an erasure that had been broken off',
    )
  }

  async function told(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      metrics.count('retention_failed_total')
      log.error({ error: messageOf(error) }, 'HISTORY: what was to be erased could not be, it is tried again')
    })
  }

  return {
    async over({ id, startedAtMs, state }) {
      if (state === 'begun') return
      for (const dir of dirs())
        await told(async () => {
          const wanted = await storage.run(() => wantedErasure(callFileBase(dir, startedAtMs, id)))
          if (wanted !== undefined) await erase(wanted)
        })
    },
    async round() {
      for (const dir of dirs())
        await told(async () => {
          for (const wanted of await storage.run(() => wantedErasures(dir)))
            if ((await storage.run(() => runningCall(wanted.base))) === undefined)
              await told(() => erase(wanted))
          for (const asked of await storage.run(() => askedErasures(dir))) await told(() => finish(asked))
        })
    },
  }
}
