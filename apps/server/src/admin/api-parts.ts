import type { Clock, Logger, Metrics } from '@kav/core'
import type { Figures } from '../metrics.ts'
import type { Environment } from '../environment.ts'
import type { ServiceState } from './readiness.ts'

/** What the routes of the admin API are made of. */
export interface ApiParts {
  readonly state: ServiceState
  /** What `${NAME}` of a pipeline is taken from. */
  readonly env: Environment
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  /** What all processes have counted. */
  readonly figures: () => Promise<Figures>
}
