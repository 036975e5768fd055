import type { Logger } from '@kav/core'
import { pino, type DestinationStream } from 'pino'
import { prettyFactory } from 'pino-pretty'
import { visible, visibleOnceRead } from './privacy/control-characters.ts'
import { publicFields, publicMessage } from './privacy/public-fields.ts'
import { withoutSecrets } from './privacy/secrets.ts'
import { leveled, type LogLevels } from './process/log-levels.ts'
import { openLogOutput } from './process/log-output.ts'
import { describeThrown } from './process/thrown-value.ts'

export interface LogOptions {
  readonly level: string
  /** Keep what is private: the `private` key (transcripts, phone numbers), and texts that Kav did not choose. */
  readonly private: boolean
  /** Pretty lines for people; JSON otherwise. */
  readonly pretty: boolean
  /** Where lines go as they are; an output of its own on standard output when absent. */
  readonly to?: DestinationStream
  /** Decide at run time from which level on lines are written; `level` is not looked at then. */
  readonly levels?: LogLevels
}

/**
 * The process's logger: no line holds a secret, or a character that a terminal obeys. With `private: false` a line
 * holds figures and Kav's own words alone, whatever a plugin or a provider gives it to write.
 */
export function createLogger(options: LogOptions): Logger {
  const log: Logger = pino(
    {
      level: options.levels ? 'trace' : options.level,
      base: null,
      // Without private texts there is nothing of a thrown value left to describe.
      serializers: options.private ? { err: describeThrown, error: faultOf } : {},
      hooks: { streamWrite: (line) => visible(withoutSecrets(line)) },
    },
    options.to ?? openLogOutput({ format: lineFormat(options.pretty) }),
  )
  const shown = options.private ? log : withoutPrivate(log)
  return options.levels ? leveled(shown, options.levels) : shown
}

function withoutPrivate(log: Logger): Logger {
  return {
    debug: (fields, message) => log.debug(publicFields(fields), publicMessage(message)),
    info: (fields, message) => log.info(publicFields(fields), publicMessage(message)),
    warn: (fields, message) => log.warn(publicFields(fields), publicMessage(message)),
    error: (fields, message) => log.error(publicFields(fields), publicMessage(message)),
    // A line has one `hidden`, its own.
    child: (fields) => withoutPrivate(log.child({ ...publicFields(fields), hidden: undefined })),
  }
}

/** How a line of JSON is written. */
export function lineFormat(pretty: boolean): (line: string) => string {
  if (!pretty) return (line) => line
  const prettify = prettyFactory({
    colorize: process.stdout.hasColors?.() ?? false,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
  })
  return (line) => {
    try {
      return prettify(visibleOnceRead(line)) ?? line
    } catch {
      return line
    }
  }
}

/** A text stays as it is; a thrown value would be written as `{}`. */
function faultOf(error: unknown): unknown {
  return typeof error === 'string' ? error : describeThrown(error)
}
