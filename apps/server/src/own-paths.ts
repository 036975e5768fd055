/** What the process answers itself on the port of the calls; no transport may have these paths. */
export const OWN_PATHS = { health: '/healthz', ready: '/readyz', metrics: '/metrics' } as const

export const RESERVED_PATHS: readonly string[] = Object.values(OWN_PATHS)
