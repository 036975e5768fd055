import type { LoadedPipeline } from '@kav/core/host'
import type { Logger } from '@kav/core'
import type { ProcessSettings } from '../environment.ts'
import { createHttpHost, type HttpHost } from '../http-host.ts'
import { createLogger, lineFormat } from '../log.ts'
import { createMetrics, type ProcessMetrics } from '../metrics.ts'
import { defaultPipeline, openPipeline } from '../open-pipeline.ts'
import { createServerLoader, namedPlugins } from '../plugins.ts'
import { codePlaces } from '../process/fault-origin.ts'
import { openLogOutput } from '../process/log-output.ts'
import { guardProcess } from '../process/process-guard.ts'
import { listenForStop, type StopSignals } from '../process/stop-signals.ts'
import { runPipeline, type RunningPipeline } from '../running-pipeline.ts'
import { systemClock } from '../system-clock.ts'

/** The process stopped itself: errors of unknown origin came one after the other. A supervisor starts a fresh one. */
const EXIT_ILL = 3
const ILL = 'too many errors'
const LAST_WORDS_MS = 2000
const PORT_LIMIT_MS = 2000

/** `kav serve`: takes calls until SIGTERM, SIGINT or SIGHUP. Resolves with the exit code. */
export async function serve(
  file: string | undefined,
  options: { port?: number; host?: string },
  settings: ProcessSettings,
): Promise<number> {
  const output = openLogOutput({ format: lineFormat(process.stdout.isTTY) })
  const log = createLogger({
    level: settings.logLevel,
    private: settings.logPrivate,
    pretty: false,
    to: output,
  })
  const metrics = createMetrics(log, { private: settings.logPrivate })
  output.countInto(metrics.metrics)
  const stop = listenForStop()
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
      return await takeCalls({
        pipeline,
        port,
        host: options.host,
        log,
        metrics,
        stop,
        drainMs: settings.drainMs,
      })
    } finally {
      unguard()
    }
  } finally {
    stop.close()
    await output.flush(LAST_WORDS_MS)
  }
}

async function loadChecked(file: string, settings: ProcessSettings, log: Logger): Promise<LoadedPipeline> {
  const { pipeline, warnings } = await openPipeline(file, settings.env, createServerLoader())
  for (const warning of warnings.split('\n').filter((line) => line !== ''))
    log.warn({ warning }, 'CONFIG: warning')
  return pipeline
}

async function takeCalls(parts: {
  pipeline: LoadedPipeline
  port: number
  host: string | undefined
  log: Logger
  metrics: ProcessMetrics
  stop: StopSignals
  drainMs: number
}): Promise<number> {
  const { pipeline, log, metrics, stop } = parts
  const http = createHttpHost(log)
  const running = await runPipeline({ pipeline, http, clock: systemClock, log, metrics: metrics.metrics })
  let ready = true
  http.route('GET', '/healthz', async () => json(200, { status: 'ok', calls: running.activeCalls }))
  http.route('GET', '/readyz', async () => readiness(ready, running))
  http.route('GET', '/metrics', async () => ({
    status: 200,
    headers: { 'content-type': metrics.contentType },
    body: await metrics.render(),
  }))
  const port = await http.listen(parts.port, parts.host).catch(async (error: unknown) => {
    await running.close()
    throw error
  })
  log.info({ port, pipeline: pipeline.config.name, file: pipeline.file }, 'SERVER: ready for calls')

  const why = await stop.next()
  ready = false
  await shutDown({ running, http, log, stop, why, drainMs: parts.drainMs })
  return why === ILL ? EXIT_ILL : 0
}

/** Drains, hangs up what is left, closes. Each further request to stop ends the step that runs. */
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
  log.info({ signal: why, calls: running.activeCalls, drain_ms: drainMs }, 'SERVER: draining, no new calls')
  const hurry = stop.next()
  await withinTime(drainMs, [running.idle(), hurry])
  if (running.activeCalls > 0)
    log.warn({ calls: running.activeCalls }, 'SERVER: hanging up on the calls that are left')
  await Promise.race([running.close(), hurry.then(() => stop.next())])
  await withinTime(PORT_LIMIT_MS, [http.close()])
  log.info({}, 'SERVER: stopped')
}

/** Until one of them is settled or the time is up. */
async function withinTime(limitMs: number, promises: readonly Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs)
  })
  await Promise.race([...promises, limit])
  clearTimeout(timer)
}

/** Not ready: draining, or a stage none of whose providers works. */
function readiness(taking: boolean, { providers, activeCalls }: RunningPipeline) {
  const ready = taking && providers.able
  return json(ready ? 200 : 503, { ready, calls: activeCalls, providers: providers.states() })
}

function json(status: number, value: object) {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` }
}
