import { format } from 'node:util'
import type { Clock, Logger, Metrics } from '@kav/core'
import { limitLog } from '@kav/core/kit'
import { type CodePlace, originOf } from './fault-origin.ts'

export interface ForeignOutputOptions {
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock: Clock
  readonly places: readonly CodePlace[]
}

type Level = 'debug' | 'info' | 'warn'

const LEVELS: Readonly<Record<'debug' | 'log' | 'info' | 'warn' | 'error' | 'trace', Level>> = {
  debug: 'debug',
  log: 'info',
  info: 'info',
  trace: 'warn',
  warn: 'warn',
  error: 'warn',
}
const MAX_CHARS = 2000
/** What a plugin prints by itself, and so does nobody else. */
const NOBODY = 'unknown'

/**
 * From now on what plugins and the libraries they bring print (`console`), and warnings of Node.js, are lines of the log
 * with the plugin's name, of each plugin a few at once and then one a second. Returns what undoes it.
 */
export function logForeignOutput(options: ForeignOutputOptions): () => void {
  const { metrics, places } = options
  const limited = new Map<string, Logger>()

  /** Of its own budget: a plugin that prints with each frame hides no other's lines. */
  function logOf(plugin: string): Logger {
    const known = limited.get(plugin) ?? limitLog(options)
    limited.set(plugin, known)
    return known
  }

  function tell(
    level: Level,
    stack: string,
    fields: Readonly<Record<string, unknown>>,
    message: string,
  ): void {
    const origin = originOf(stack, places)
    const plugin = origin.plugin ?? NOBODY
    metrics.count('foreign_lines_total', 1, { plugin })
    logOf(plugin)[level]({ ...origin, ...fields }, message)
  }

  const printed = Object.fromEntries(
    Object.entries(LEVELS).map(([method, level]) => [
      method,
      (...values: unknown[]) => {
        const text = format(...values).slice(0, MAX_CHARS)
        tell(
          level,
          new Error().stack ?? '',
          { private: { text } },
          'PROCESS: printed by a plugin or a library',
        )
      },
    ]),
  )
  const own = { ...console }
  Object.assign(console, printed)

  const onWarning = ({ name, message, stack = '', ...rest }: Error & { code?: string }): void => {
    const { code } = rest
    tell(
      'warn',
      stack,
      { warning: name, code, private: { text: message.slice(0, MAX_CHARS) } },
      'PROCESS: a warning',
    )
  }
  // That of Node.js itself prints them.
  const printers = process.listeners('warning')
  process.removeAllListeners('warning')
  process.on('warning', onWarning)

  return () => {
    Object.assign(console, own)
    process.off('warning', onWarning)
    for (const printer of printers) process.on('warning', printer)
  }
}
