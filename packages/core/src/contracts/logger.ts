/** Structured fields of one log line. Anything a person said or a phone number goes under `private` only. */
export interface LogFields {
  readonly [key: string]: unknown
  /** Redactable: transcripts, phone numbers, names. Hosts drop or mask this key as configured. */
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
