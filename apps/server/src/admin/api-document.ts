import { ownVersion } from '../own-version.ts'
import { systemClock } from '../system-clock.ts'
import { openApiDocument } from './api/open-api.ts'
import { apiRoutes } from './api-routes.ts'

const NOTHING = () => undefined
const SILENT = { debug: NOTHING, info: NOTHING, warn: NOTHING, error: NOTHING, child: () => SILENT }

/** `/openapi.json`, of no process: what is generated from it is the same everywhere. */
export function apiDocument(): Record<string, unknown> {
  const routes = apiRoutes({
    state: { status: undefined, warm: false },
    env: {},
    clock: systemClock,
    log: SILENT,
    figures: async () => [],
    metrics: { count: NOTHING, gauge: NOTHING, observe: NOTHING },
  })
  return openApiDocument(routes, ownVersion())
}
