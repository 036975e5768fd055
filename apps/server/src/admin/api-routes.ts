import { aboutRoute } from './about-route.ts'
import type { ApiRoute } from './api/api-route.ts'
import type { ApiParts } from './api-parts.ts'
import { phoneRoutes } from './phone-routes.ts'
import { pipelineRoutes } from './pipeline-routes.ts'

/** Every route of the admin API, group by group. */
export function apiRoutes(parts: ApiParts): readonly ApiRoute[] {
  return [aboutRoute(parts), ...pipelineRoutes(parts), ...phoneRoutes(parts)]
}
