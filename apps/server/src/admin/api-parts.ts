import type { Clock, Logger, Metrics } from '@kav/core'
import type { ServiceState } from './readiness.ts'

/** What the routes of the admin API are made of. */
export interface ApiParts {
  readonly state: ServiceState
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}
