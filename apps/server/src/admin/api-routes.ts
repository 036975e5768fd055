import { aboutRoute } from './about-route.ts'
import type { ApiRoute } from './api/api-route.ts'
import type { ApiParts } from './api-parts.ts'
import { figuresRoute } from './figures-route.ts'
import { historyRoutes } from './history-routes.ts'
import { callRoutes } from './call-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { listenRoute } from './listen-route.ts'
import { logLevelRoute } from './log-level-route.ts'
import { phoneRoutes } from './phone-routes.ts'
import { placeRoute } from './place-route.ts'
import { pipelineRoutes } from './pipeline-routes.ts'

/** Every route of the admin API, group by group. */
export function apiRoutes(parts: ApiParts): readonly ApiRoute[] {
  return [
    aboutRoute(parts),
    ...callRoutes(parts),
    placeRoute(parts),
    ...eventRoutes(parts),
    listenRoute(parts),
    ...pipelineRoutes(parts),
    ...phoneRoutes(parts),
    ...historyRoutes(parts),
    figuresRoute(parts),
    logLevelRoute(parts),
  ]
}
