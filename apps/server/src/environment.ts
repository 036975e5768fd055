/** The one place that reads the process's environment. YAML says `${NAME}`; code gets values handed in. */
export type Environment = Readonly<Record<string, string | undefined>>

export const processEnvironment = (): Environment => process.env

export interface ProcessSettings {
  /** What `${NAME}` in pipeline files is taken from. */
  readonly env: Environment
  /** `PORT`, 8080 when absent. */
  readonly port: number
  /** `LOG_LEVEL`, `info` when absent. */
  readonly logLevel: string
  /** `KAV_LOG_PRIVATE=off` keeps transcripts and phone numbers out of the log. */
  readonly logPrivate: boolean
  /** `KAV_METRICS_OLD_NAMES=on`: figures also under the names they had up to 0.1. */
  readonly oldMetricNames: boolean
  /** How long running calls may go on after SIGTERM: `KAV_DRAIN_MS`, 60,000 when absent. */
  readonly drainMs: number
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** Throws for a value that is none: a misspelt `off` must not put what callers say into the log. */
export function readEnvironment(env: Environment): ProcessSettings {
  return {
    env,
    port: wholeNumber(env, 'PORT', 8080, 65_535),
    logLevel: oneOf(env, 'LOG_LEVEL', 'info', LOG_LEVELS),
    logPrivate: oneOf(env, 'KAV_LOG_PRIVATE', 'on', ['on', 'off']) === 'on',
    oldMetricNames: oneOf(env, 'KAV_METRICS_OLD_NAMES', 'off', ['on', 'off']) === 'on',
    drainMs: wholeNumber(env, 'KAV_DRAIN_MS', 60_000, 86_400_000),
  }
}

function wholeNumber(env: Environment, name: string, byDefault: number, most: number): number {
  const text = env[name]
  if (text === undefined || text === '') return byDefault
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new Error(`${name} is ${JSON.stringify(text)}; a whole number from 0 to ${most} is expected`)
  }
  return value
}

function oneOf(env: Environment, name: string, byDefault: string, allowed: readonly string[]): string {
  const text = env[name]
  if (text === undefined || text === '') return byDefault
  if (!allowed.includes(text)) {
    throw new Error(`${name} is ${JSON.stringify(text)}; one of ${allowed.join(', ')} is expected`)
  }
  return text
}
