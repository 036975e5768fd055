import type { Logger, Metrics } from '@kav/core'
import { redactValue, type Redaction } from '@kav/core/host'

const NO_SECRETS: ReadonlySet<string> = new Set()

/**
 * A log for what stands beside the calls of a pipeline: its plugins write into it, and what they write may repeat what
 * was said. Without a redaction it is the log itself.
 */
export function redactedLog(log: Logger, redaction: Redaction | undefined, metrics: Metrics): Logger {
  if (redaction === undefined) return log
  const told = (kind: string): void => metrics.count('redactions_total', 1, { kind })
  type Fields = Parameters<Logger['info']>[0]
  const shown = (fields: Fields): Fields => redactValue(fields, redaction, NO_SECRETS, told) as Fields
  return {
    debug: (fields, message) => log.debug(shown(fields), message),
    info: (fields, message) => log.info(shown(fields), message),
    warn: (fields, message) => log.warn(shown(fields), message),
    error: (fields, message) => log.error(shown(fields), message),
    // Who it is: names and numbers of Kav's own.
    child: (fields) => redactedLog(log.child(fields), redaction, metrics),
  }
}
