import type { Logger, Metrics } from '@kav/core'
import { secretsBeyond } from './secrets.ts'

let told = 0

/** After pipelines were read: what the process has no room for is told once, and counted. */
export function tellSecretsBeyond({
  log,
  metrics,
}: {
  readonly log: Logger
  readonly metrics: Metrics
}): void {
  const beyond = secretsBeyond()
  if (beyond === told) return
  metrics.count('secrets_not_hidden_total', beyond - told)
  if (told === 0)
    log.error({ secrets: beyond }, 'PRIVACY: more secrets than this process can hide: restart it')
  told = beyond
}
