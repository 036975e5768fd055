import { aboutRoute } from './about-route.ts'
import type { ApiRoute } from './api/api-route.ts'
import type { ApiParts } from './api-parts.ts'
import { phoneRoutes } from './phone-routes.ts'

/** Every route of the admin API, group by group. */
export function apiRoutes(parts: ApiParts): readonly ApiRoute[] {
  return [aboutRoute(parts), ...phoneRoutes(parts)]
}
