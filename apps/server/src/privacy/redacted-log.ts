import type { Logger, Metrics } from '@kav/core'
import { redactValue, redactWritten, type Redaction } from '@kav/core/host'

type Fields = Parameters<Logger['info']>[0]

/** Who called whom, and which call it is: not what was said. */
const OF_THE_CALL: ReadonlySet<string> = new Set(['call', 'callId', 'callSid', 'streamSid', 'from', 'to'])

export interface RedactedLogOptions {
  /** Of the pipelines whose calls may be told of. Asked for with each line; none: it is as it is. */
  readonly redactions: () => readonly Redaction[]
  readonly metrics: Metrics
  /** Ids and numbers of the call stay: it is the carrier's part that tells them. */
  readonly keepsNumbers?: boolean
}

/**
 * A log for what stands beside the calls of pipelines: plugins, transports and what libraries print write into it, and
 * what they write may repeat what was said.
 */
export function redactedLog(log: Logger, options: RedactedLogOptions): Logger {
  const { redactions, metrics, keepsNumbers = false } = options
  const told = (kind: string): void => metrics.count('redactions_total', 1, { kind })

  function hidden(value: unknown): unknown {
    return redactions().reduce((shown, one) => redactValue(shown, one, one.pressed, told), value)
  }

  function shown(fields: Fields): Fields {
    if (!keepsNumbers || redactions().length === 0) return hidden(fields) as Fields
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => {
        if (OF_THE_CALL.has(name)) return [name, value]
        return [name, name === 'private' && isMap(value) ? shown(value) : hidden(value)]
      }),
    )
  }

  const message = (text: string): string =>
    redactions().reduce((one, redaction) => redactWritten(one, redaction, redaction.pressed, told), text)

  return {
    debug: (fields, text) => log.debug(shown(fields), message(text)),
    info: (fields, text) => log.info(shown(fields), message(text)),
    warn: (fields, text) => log.warn(shown(fields), message(text)),
    error: (fields, text) => log.error(shown(fields), message(text)),
    // Who it is: names and numbers of Kav's own.
    child: (fields) => redactedLog(log.child(shown(fields)), options),
  }
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
