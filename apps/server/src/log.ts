import type { Logger } from '@kav/core'
import { pino, type DestinationStream } from 'pino'
import pretty from 'pino-pretty'

export interface LogOptions {
  readonly level: string
  /** Keep the `private` key (transcripts, phone numbers). */
  readonly private: boolean
  /** Pretty lines for people; JSON otherwise. */
  readonly pretty: boolean
  /** Where lines go; standard output when absent. */
  readonly to?: DestinationStream
}

/** The process's logger. What a person said or a phone number is only ever under `private`, so one key redacts it. */
export function createLogger(options: LogOptions): Logger {
  const destination = options.pretty
    ? pretty({
        sync: true,
        ignore: 'pid,hostname',
        translateTime: 'SYS:HH:MM:ss.l',
        singleLine: true,
        ...(options.to === undefined ? {} : { destination: options.to }),
      })
    : (options.to ?? pino.destination({ sync: true }))
  return pino(
    {
      level: options.level,
      base: null,
      redact: options.private ? [] : { paths: ['private'], remove: true },
    },
    destination,
  )
}
