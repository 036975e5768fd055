import { isProviderError, type Logger, type Metrics, ProviderError } from '@kav/core'
import type { Kysely } from 'kysely'
import type { Engine } from './engine.ts'
import { migrate } from './migrate.ts'
import type { Tables } from './schema.ts'

/** Does work on a store that is of this version, and tells its faults as the contract has them. */
export function createOpenedStore(
  db: Kysely<Tables>,
  engine: Engine,
  { log, metrics }: { readonly log: Logger; readonly metrics: Metrics },
) {
  let migrated: Promise<void> | undefined

  /** What is wrong with the store is no fault of a call's. */
  async function bringUp(): Promise<void> {
    try {
      await migrate(db, engine)
    } catch (thrown) {
      if (engine.isGone(thrown)) throw thrown
      const fault = isProviderError(thrown) ? thrown : engine.faultOf(thrown)
      throw fault.class === 'bad-data' ? new ProviderError('network', fault.message) : fault
    }
  }

  async function once<T>(work: () => Promise<T>): Promise<T> {
    try {
      await (migrated ??= bringUp())
      return await work()
    } catch (thrown) {
      // It may be another one when it is back.
      if (!isProviderError(thrown) || thrown.class !== 'bad-request') migrated = undefined
      throw thrown
    }
  }

  async function withNext<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await once(work)
    } catch (thrown) {
      if (!engine.isGone(thrown)) throw thrown
      metrics.count('store_files_gone_total')
      log.error({}, 'STORE: its file was taken away or replaced, what is at its place now is used')
      return await once(work)
    }
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await withNext(work)
    } catch (thrown) {
      throw isProviderError(thrown) ? thrown : engine.faultOf(thrown)
    }
  }
}
