import type { Clock, Logger, Metrics } from '@kav/core'
import { aboutRoute } from './about-route.ts'
import type { ApiRoute } from './api/api-route.ts'
import type { ServiceState } from './readiness.ts'

/** What the routes of the admin API are made of. */
export interface ApiParts {
  readonly state: ServiceState
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

/** Every route of the admin API, group by group. */
export function apiRoutes(parts: ApiParts): readonly ApiRoute[] {
  return [aboutRoute(parts)]
}
