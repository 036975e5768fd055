import type { ProcessSettings } from '../environment.ts'
import { createHttpHost } from '../http-host.ts'
import { createLogger } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { defaultPipeline, openPipeline } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { runPipeline, type RunningPipeline } from '../running-pipeline.ts'
import { systemClock } from '../system-clock.ts'

/** `kav serve`: takes calls until SIGTERM or SIGINT. Resolves with the exit code. */
export async function serve(
  file: string | undefined,
  options: { port?: number; host?: string },
  process_: ProcessSettings,
): Promise<number> {
  const log = createLogger({
    level: process_.logLevel,
    private: process_.logPrivate,
    pretty: process.stdout.isTTY,
  })
  const { pipeline, warnings } = await openPipeline(
    file ?? defaultPipeline(),
    process_.env,
    createServerLoader(),
  )
  for (const warning of warnings.split('\n').filter((line) => line !== ''))
    log.warn({ warning }, 'CONFIG: warning')
  const metrics = createMetrics(log)
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
  const port = await http
    .listen(options.port ?? process_.port, options.host)
    .catch(async (error: unknown) => {
      await running.close()
      throw error
    })
  log.info({ port, pipeline: pipeline.config.name, file: pipeline.file }, 'SERVER: ready for calls')

  const signal = await nextSignal()
  ready = false
  running.drain()
  log.info(
    { signal, calls: running.activeCalls, drain_ms: process_.drainMs },
    'SERVER: draining, no new calls',
  )
  await drained(running, process_.drainMs)
  if (running.activeCalls > 0)
    log.warn({ calls: running.activeCalls }, 'SERVER: hanging up on the calls that are left')
  await running.close()
  await http.close()
  log.info({}, 'SERVER: stopped')
  return 0
}

function json(status: number, value: object) {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` }
}

/** Not ready: draining, or a stage none of whose providers works. */
function readiness(taking: boolean, { providers, activeCalls }: RunningPipeline) {
  const ready = taking && providers.able
  return json(ready ? 200 : 503, { ready, calls: activeCalls, providers: providers.states() })
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
}

/** Until no call is running, the time is up, or a second signal says now. */
async function drained(running: RunningPipeline, limitMs: number): Promise<void> {
  const abort = new AbortController()
  const limit = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, limitMs)
    abort.signal.addEventListener('abort', () => clearTimeout(timer))
  })
  await Promise.race([running.idle(), limit, nextSignal()])
  abort.abort()
}
