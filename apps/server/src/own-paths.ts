/** What the process answers itself, on the port of the calls or on that of the operator. */
export const OWN_PATHS = {
  health: '/healthz',
  ready: '/readyz',
  live: '/livez',
  started: '/startupz',
  metrics: '/metrics',
  workers: '/metrics/workers',
  reload: '/reload',
  calls: '/calls',
} as const

/** No transport may have these paths: on which port they are answered is a setting. */
export const RESERVED_PATHS: readonly string[] = Object.values(OWN_PATHS)

/** Whether a probe or a person that asks for it has taken the port of the calls for the operator's. */
export function isOperators(path: string): boolean {
  return RESERVED_PATHS.includes(path) || /^\/(?:api|console)(?:\/|$)/.test(path)
}

/** With the value `reload`. A page in a browser cannot send it to another origin without asking first. */
export const RELOAD_HEADER = 'kav-command'
