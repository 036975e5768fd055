import { availableParallelism } from 'node:os'
import { readTraceSettings, type TraceSettings } from './traces/trace-settings.ts'
import { wholeNumberOf } from './words/whole-number.ts'

/** The one place that reads the process's environment. YAML says `${NAME}`; code gets values handed in. */
export type Environment = Readonly<Record<string, string | undefined>>

export const processEnvironment = (): Environment => process.env

export interface ProcessSettings {
  /** What `${NAME}` in pipeline files is taken from. */
  readonly env: Environment
  /** `PORT`, 8080 when absent. */
  readonly port: number
  /** `ADMIN_PORT`; `beside` when absent: see `adminPortOf`. */
  readonly adminPort: AdminPort
  /** `ADMIN_HOST`, 127.0.0.1 when absent. */
  readonly adminHost: string
  /** `KAV_ADMIN_HOSTS`, names by which the admin port may be asked besides its address: none when absent. */
  readonly adminHosts: readonly string[]
  /** `KAV_ADMIN_ON_CALLS_PORT=on`: figures and health in detail on the port of the calls, too. */
  readonly adminOnCallsPort: boolean
  /** `KAV_WORKERS`, 1 when absent: how many processes take the calls. */
  readonly workers: number
  /** `KAV_WORKER_HANGS_S`, 30 when absent: seconds without a sign of life after which a worker is ended. */
  readonly workerHangsS: number
  /** `LOG_LEVEL`, `info` when absent. */
  readonly logLevel: string
  /** `KAV_LOG_PRIVATE=off` keeps transcripts and phone numbers out of the log. */
  readonly logPrivate: boolean
  /** `KAV_METRICS_OLD_NAMES=on`: figures also under the names they had up to 0.1. */
  readonly oldMetricNames: boolean
  /** `undefined`: calls are not traced. */
  readonly traces: TraceSettings | undefined
  /** How long running calls may go on after SIGTERM: `KAV_DRAIN_MS`, 60,000 when absent. */
  readonly drainMs: number
}

export type AdminPort = number | 'beside' | 'off'

export const LOG_LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** Throws for a value that is none: a misspelt `off` must not put what callers say into the log. */
export function readEnvironment(env: Environment): ProcessSettings {
  return {
    env,
    port: wholeNumber(env, 'PORT', 8080, MAX_PORT),
    adminPort: adminPort(env),
    adminHost: env['ADMIN_HOST'] || '127.0.0.1',
    adminHosts: (env['KAV_ADMIN_HOSTS'] ?? '')
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
    adminOnCallsPort: oneOf(env, 'KAV_ADMIN_ON_CALLS_PORT', 'off', ['on', 'off']) === 'on',
    workers: workersOf(env['KAV_WORKERS'] || '1', 'KAV_WORKERS'),
    workerHangsS: wholeNumber(env, 'KAV_WORKER_HANGS_S', 30, 3600, '', LEAST_HANG_S),
    logLevel: oneOf(env, 'LOG_LEVEL', 'info', LOG_LEVELS),
    logPrivate: oneOf(env, 'KAV_LOG_PRIVATE', 'on', ['on', 'off']) === 'on',
    oldMetricNames: oneOf(env, 'KAV_METRICS_OLD_NAMES', 'off', ['on', 'off']) === 'on',
    traces: readTraceSettings(env),
    drainMs: wholeNumber(env, 'KAV_DRAIN_MS', 60_000, 86_400_000),
  }
}

/** More than any machine has cores for. */
const MAX_WORKERS = 256

/** A number, or `auto`: one for each core that this process may use. Throws for anything else. */
export function workersOf(text: string, name: string): number {
  if (text === 'auto') return availableParallelism()
  const count = wholeNumberOf(text)
  if (count !== undefined && count >= 1 && count <= MAX_WORKERS) return count
  throw new Error(
    `${name} is ${JSON.stringify(text)}; auto or a whole number from 1 to ${MAX_WORKERS} is expected`,
  )
}

/** Signs of life come each second; one late by more is only asked last. */
const LEAST_HANG_S = 5

const BESIDE = 1000
const MAX_PORT = 65_535

/**
 * The operator's port beside that of the calls: 9080 for 8080, so that processes at 8080, 8081, … need no setting more.
 * A free one (0) beside a free one, or where there is none 1000 above. `undefined`: there is none. Throws where both are
 * the same.
 */
export function adminPortOf(setting: AdminPort, callsPort: number): number | undefined {
  if (setting === 'off') return undefined
  if (setting === callsPort && setting !== 0)
    throw new Error(
      `ADMIN_PORT is ${setting}, which is the port of the calls; leave it out, or set it to another one or to off`,
    )
  if (setting !== 'beside') return setting
  return callsPort === 0 || callsPort + BESIDE > MAX_PORT ? 0 : callsPort + BESIDE
}

function adminPort(env: Environment): AdminPort {
  const text = env['ADMIN_PORT']
  if (text === undefined || text === '') return 'beside'
  return text === 'off' ? 'off' : wholeNumber(env, 'ADMIN_PORT', 0, MAX_PORT, ', or off,')
}

function wholeNumber(
  env: Environment,
  name: string,
  byDefault: number,
  most: number,
  or = '',
  least = 0,
): number {
  const text = env[name]
  if (text === undefined || text === '') return byDefault
  const value = wholeNumberOf(text)
  if (value === undefined || value < least || value > most) {
    throw new Error(
      `${name} is ${JSON.stringify(text)}; a whole number from ${least} to ${most}${or} is expected`,
    )
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
