import { consoleFolder } from '@kav/console'
import { type Logger, messageOf } from '@kav/core'
import type { Environment } from '../environment.ts'
import { createHttpHost, type HttpHost } from '../http-host.ts'
import type { ProcessMetrics } from '../metrics.ts'
import { ownVersion } from '../own-version.ts'
import { systemClock } from '../system-clock.ts'
import { createAdminApi } from './api/admin-api.ts'
import { ApiFault } from './api/api-fault.ts'
import { openApiDocument } from './api/open-api.ts'
import { checkOrigin, type OriginRules } from './api/origin-gate.ts'
import { createTokenGate } from './api/token-gate.ts'
import { apiRoutes } from './api-routes.ts'
import type { AdminAccess } from './console-link.ts'
import { addAdmin, addOperator } from './own-routes.ts'
import type { ServiceState } from './readiness.ts'
import { mountConsole } from './console-site.ts'

/** A Prometheus, some probes, and a few people, each of whose pages holds half a dozen. */
const MAX_CONNECTIONS = 200

const LOOPBACK = /^(?:127\.|::1$|localhost$)/

/** The port as it is open. */
export interface AdminPort extends Pick<HttpHost, 'close'> {
  readonly port: number
}

export interface AdminPlace {
  /** 0: a free one. */
  readonly port: number
  readonly host: string
}

export interface AdminPortParts {
  readonly state: ServiceState
  readonly log: Logger
  readonly metrics: ProcessMetrics
  readonly access: AdminAccess
  readonly env: Environment
}

/**
 * Opens the operator's port: figures and health in detail, before anything else of the process is there, so that a probe
 * is answered while it starts. Throws with the variable to change where it cannot be opened.
 */
export async function openAdminPort({ port, host }: AdminPlace, parts: AdminPortParts): Promise<AdminPort> {
  const { state, metrics, access } = parts
  const log = parts.log.child({ listener: 'admin' })
  const http = createHttpHost(log, metrics.metrics, undefined, {
    maxConnections: MAX_CONNECTIONS,
    evictIdle: true,
  })
  const rules: OriginRules = { loopback: LOOPBACK.test(host), names: access.names }
  const guarded = forKnownHosts(http, rules)
  addAdmin(guarded, state, metrics)
  addOperator(guarded, state)
  mountApi(http, { ...parts, rules })
  mountConsole(http, consoleFolder)
  const bound = await http.listen(port, host).catch((error: unknown) => {
    throw new Error(explain(error, { port, host }), { cause: error })
  })
  log.info({ host, port: bound }, 'ADMIN: figures and health answer here')
  if (access.token === undefined)
    log.warn(
      { why: access.why },
      'ADMIN: the API is closed: its token cannot be kept here; set KAV_ADMIN_TOKEN',
    )
  return { port: bound, close: () => http.close() }
}

function mountApi(http: HttpHost, parts: AdminPortParts & { readonly rules: OriginRules }): void {
  const { state, env, log, access, rules } = parts
  const { metrics } = parts.metrics
  const figures = () => state.figures?.sum() ?? parts.metrics.figures()
  const routes = apiRoutes({ state, env, clock: systemClock, log, metrics, figures })
  http.mount(
    createAdminApi({
      routes,
      gate: createTokenGate(access.token, systemClock, metrics),
      rules,
      clock: systemClock,
      log,
      metrics,
    }),
  )
  const document = `${JSON.stringify(openApiDocument(routes, ownVersion()))}\n`
  http.route('GET', '/openapi.json', async () => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: document,
  }))
}

/** Routes that no page of somebody else reaches through the operator's browser, whatever name it gives this machine. */
function forKnownHosts(http: HttpHost, rules: OriginRules): Pick<HttpHost, 'route'> {
  return {
    route(method, path, handler) {
      http.route(method, path, async (request) => {
        try {
          checkOrigin(request.headers, rules)
        } catch (error) {
          if (!(error instanceof ApiFault)) throw error
          return { status: error.status, body: `${error.message}: ${error.fix}\n` }
        }
        return await handler(request)
      })
    },
  }
}

function explain(error: unknown, { port, host }: AdminPlace): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (code === 'EADDRINUSE')
    return `the admin port ${port} of ${host} is taken, by another kav serve perhaps: set ADMIN_PORT to one that is free, to 0 for any, or to off`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `ADMIN_HOST is "${host}", which is no address of this machine`
  return `the admin port ${port} of ${host} cannot be opened (${messageOf(error)}): set ADMIN_PORT or ADMIN_HOST`
}
