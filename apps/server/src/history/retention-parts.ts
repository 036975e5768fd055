import type { CallStore, Clock, Logger, Metrics } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import type { Storage } from '../process/storage.ts'
import type { Removals } from '../recording/removals.ts'
import type { DueErasures } from './due-erasures.ts'

export interface RetentionParts {
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  readonly storage: Storage
  readonly node: string
  /** Takes recordings from where they were brought. */
  readonly removals: Pick<Removals, 'remove'>
  readonly pipelines: () => readonly LoadedPipeline[]
  /** Calls that are to be erased when they are over. */
  readonly erasures?: Pick<DueErasures, 'round'>
  /** By pipeline. */
  readonly stores: () => ReadonlyMap<string, CallStore>
}
