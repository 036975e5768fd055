import { type Logger, messageOf } from '@kav/core'
import { createHttpHost, type HttpHost } from '../http-host.ts'
import type { ProcessMetrics } from '../metrics.ts'
import { addAdmin, addOperator } from './own-routes.ts'
import type { ServiceState } from './readiness.ts'

/** A Prometheus, some probes and a person or two. */
const MAX_CONNECTIONS = 50

export interface AdminPlace {
  /** 0: a free one. */
  readonly port: number
  readonly host: string
}

/**
 * Opens the operator's port: figures and health in detail, before anything else of the process is there, so that a probe
 * is answered while it starts. Throws with the variable to change where it cannot be opened.
 */
export async function openAdminPort(
  { port, host }: AdminPlace,
  parts: { state: ServiceState; log: Logger; metrics: ProcessMetrics },
): Promise<Pick<HttpHost, 'close'>> {
  const { state, metrics } = parts
  const log = parts.log.child({ listener: 'admin' })
  const http = createHttpHost(log, metrics.metrics, undefined, { maxConnections: MAX_CONNECTIONS })
  addAdmin(http, state, metrics)
  addOperator(http, state)
  const bound = await http.listen(port, host).catch((error: unknown) => {
    throw new Error(explain(error, { port, host }), { cause: error })
  })
  log.info({ host, port: bound }, 'ADMIN: figures and health answer here')
  return http
}

function explain(error: unknown, { port, host }: AdminPlace): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (code === 'EADDRINUSE')
    return `the admin port ${port} of ${host} is taken, by another kav serve perhaps: set ADMIN_PORT to one that is free, to 0 for any, or to off`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `ADMIN_HOST is "${host}", which is no address of this machine`
  return `the admin port ${port} of ${host} cannot be opened (${messageOf(error)}): set ADMIN_PORT or ADMIN_HOST`
}
