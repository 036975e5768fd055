import type { LoadedPipeline } from '@kav/core/host'
import type { Logger } from '@kav/core'
import { openAdminPort } from '../admin/admin-port.ts'
import { addAdmin, addBareHealth } from '../admin/own-routes.ts'
import type { ServiceState } from '../admin/readiness.ts'
import { watchLoopLag } from '../admission/loop-lag.ts'
import { createClockWatch } from '../clock-watch.ts'
import { adminPortOf, type ProcessSettings } from '../environment.ts'
import { createHttpHost, type HttpHost } from '../http-host.ts'
import { createLogger, lineFormat } from '../log.ts'
import { createMetrics, type ProcessMetrics } from '../metrics.ts'
import type { EnvFile } from '../env-file.ts'
import { defaultPipeline, openPipeline } from '../open-pipeline.ts'
import { createServerLoader, namedPlugins } from '../plugins.ts'
import { codePlaces } from '../process/fault-origin.ts'
import { openLogOutput } from '../process/log-output.ts'
import { endWithoutFail } from '../process/last-resort.ts'
import { guardProcess } from '../process/process-guard.ts'
import { listenForStop, STOP_WITHOUT_LIMIT, type StopSignals } from '../process/stop-signals.ts'
import { runPipeline, type RunningPipeline } from '../running-pipeline.ts'
import { observeSystemClock, systemClock } from '../system-clock.ts'

/** The process stopped itself: errors of unknown origin came one after the other. A supervisor starts a fresh one. */
const EXIT_ILL = 3
const ILL = 'too many errors'
const PORT_LIMIT_MS = 200
/** What the log gets for its last lines. */
const LAST_WORDS_MS = 500
/** From the end of the draining to the end of the process, whatever hangs. */
const END_LIMIT_MS = 4900

/** `kav serve`: takes calls until it is told to stop. Resolves with the exit code. */
export async function serve(
  file: string | undefined,
  options: { port?: number; host?: string; envFile?: EnvFile | undefined },
  settings: ProcessSettings,
): Promise<number> {
  const output = openLogOutput({ format: lineFormat(process.stdout.isTTY) })
  const log = createLogger({
    level: settings.logLevel,
    private: settings.logPrivate,
    pretty: false,
    to: output,
  })
  const metrics = createMetrics(log, { private: settings.logPrivate, oldNames: settings.oldMetricNames })
  output.countInto(metrics.metrics)
  observeSystemClock(createClockWatch({ log, metrics: metrics.metrics, clock: systemClock }))
  const stop = listenForStop((signal) => log.warn({ signal }, 'PROCESS: a signal that means nothing here'))
  if (options.envFile) log.info({ ...options.envFile }, 'ENVIRONMENT: .env was read')
  try {
    const pipeline = await loadChecked(file ?? defaultPipeline(), settings, log)
    const unguard = guardProcess({
      log,
      metrics: metrics.metrics,
      clock: systemClock,
      places: codePlaces(namedPlugins(pipeline)),
      onIll: () => stop.raise(ILL),
    })
    try {
      const port = options.port ?? settings.port
      // The demo checks no signatures: it is for this machine, unless somebody says otherwise.
      const host = options.host ?? (file === undefined ? '127.0.0.1' : undefined)
      return await takeCalls({ pipeline, port, host, log, metrics, stop, settings })
    } finally {
      unguard()
    }
  } finally {
    await output.flush(LAST_WORDS_MS)
  }
}

async function loadChecked(file: string, settings: ProcessSettings, log: Logger): Promise<LoadedPipeline> {
  const { pipeline, warnings } = await openPipeline(file, settings.env, createServerLoader(), { files: true })
  for (const warning of warnings.split('\n').filter((line) => line !== ''))
    log.warn({ warning }, 'CONFIG: warning')
  return pipeline
}

interface ServeParts {
  readonly pipeline: LoadedPipeline
  readonly port: number
  readonly host: string | undefined
  readonly log: Logger
  readonly metrics: ProcessMetrics
  readonly stop: StopSignals
  readonly settings: ProcessSettings
}

/** The operator's port is the first that is open and the last that is closed: it tells how start and end go on. */
async function takeCalls(parts: ServeParts): Promise<number> {
  const { settings, log, metrics } = parts
  const state: ServiceState = { pipeline: undefined, warm: false }
  const port = adminPortOf(settings.adminPort, parts.port)
  if (port === undefined) return await callsUntilStop(parts, state)
  const admin = await openAdminPort({ port, host: settings.adminHost }, { state, log, metrics })
  try {
    return await callsUntilStop(parts, state)
  } finally {
    await withinTime(PORT_LIMIT_MS, [admin.close()])
  }
}

async function callsUntilStop(parts: ServeParts, state: ServiceState): Promise<number> {
  const { pipeline, log, stop } = parts
  const http = createHttpHost(log, parts.metrics.metrics)
  const asked = stop.next()
  const opened = openPort(parts, http, state)
  const server = await Promise.race([opened, asked.then(() => undefined)])
  if (server === undefined) {
    // Nobody was called yet, and what is being opened may never be.
    opened.catch(() => undefined)
    log.info({ signal: await asked }, 'SERVER: stopped before it was ready')
    return 0
  }
  const { running, port } = server
  state.warm = await Promise.race([running.warmedUp.then(() => true), asked.then(() => false)])
  const { name } = pipeline.config
  if (state.warm) log.info({ port, pipeline: name, file: pipeline.file }, 'SERVER: ready for calls')

  const why = await asked
  await shutDown({ running, http, log, stop, why, drainMs: parts.settings.drainMs })
  return why === ILL ? EXIT_ILL : 0
}

async function openPort(parts: ServeParts, http: HttpHost, state: ServiceState) {
  const { pipeline, log, metrics, port, host, settings } = parts
  const running = await runPipeline({
    pipeline,
    http,
    clock: systemClock,
    log,
    metrics: metrics.metrics,
    lag: watchLoopLag(),
  })
  state.pipeline = running
  if (settings.adminOnCallsPort) addAdmin(http, state, metrics)
  else addBareHealth(http, state)
  const bound = await http.listen(port, host).catch(async (error: unknown) => {
    await running.close()
    throw error
  })
  return { running, port: bound }
}

/**
 * Drains, hangs up what is left, writes its files, closes. A second request to stop ends the draining, a third the
 * wait for calls that do not end.
 */
async function shutDown(parts: {
  running: RunningPipeline
  http: HttpHost
  log: Logger
  stop: StopSignals
  why: string
  drainMs: number
}): Promise<void> {
  const { running, http, log, stop, why, drainMs } = parts
  running.drain()
  const limitMs = why === STOP_WITHOUT_LIMIT ? undefined : drainMs
  log.info({ signal: why, calls: running.activeCalls, drain_ms: limitMs }, 'SERVER: draining, no new calls')
  const second = stop.next()
  await withinTime(limitMs, [running.idle(), second])
  endWithoutFail(END_LIMIT_MS)
  if (running.activeCalls > 0)
    log.warn({ calls: running.activeCalls }, 'SERVER: hanging up on the calls that are left')
  const hurry = new AbortController()
  void second.then(() => stop.next()).then(() => hurry.abort())
  await running.close(hurry.signal)
  await withinTime(PORT_LIMIT_MS, [http.close()])
  log.info({}, 'SERVER: stopped')
}

/** Until one of them is settled or the time is up, if there is a limit. */
async function withinTime(limitMs: number | undefined, promises: readonly Promise<unknown>[]): Promise<void> {
  if (limitMs === undefined) return void (await Promise.race(promises))
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs)
  })
  await Promise.race([...promises, limit])
  clearTimeout(timer)
}
