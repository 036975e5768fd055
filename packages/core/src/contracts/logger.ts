/**
 * Structured fields of one log line. What a person or the agent said, a phone number, a name, and what a service
 * answered (it may repeat any of them) goes under `private` only.
 */
export interface LogFields {
  readonly [key: string]: unknown
  /** Left out of a log that must hold nothing private. */
  readonly private?: Readonly<Record<string, unknown>>
}

/** What the host lends for logging; pino satisfies it. Messages are constant text, facts are fields. */
export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
  child(fields: LogFields): Logger
}
