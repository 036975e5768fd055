import type { Logger } from '@kav/core'
import { pino, type DestinationStream } from 'pino'
import { prettyFactory } from 'pino-pretty'
import { openLogOutput } from './process/log-output.ts'
import { describeThrown } from './process/thrown-value.ts'

export interface LogOptions {
  readonly level: string
  /** Keep the `private` key (transcripts, phone numbers). */
  readonly private: boolean
  /** Pretty lines for people; JSON otherwise. */
  readonly pretty: boolean
  /** Where lines go as they are; an output of its own on standard output when absent. */
  readonly to?: DestinationStream
}

/** The process's logger. What a person said or a phone number is only ever under `private`, so one key redacts it. */
export function createLogger(options: LogOptions): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      redact: options.private ? [] : { paths: ['private'], remove: true },
      serializers: { err: describeThrown, error: faultOf },
    },
    options.to ?? openLogOutput({ format: lineFormat(options.pretty) }),
  )
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
      return prettify(line) ?? line
    } catch {
      return line
    }
  }
}

/** A text stays as it is; a thrown value would be written as `{}`. */
function faultOf(error: unknown): unknown {
  return typeof error === 'string' ? error : describeThrown(error)
}
