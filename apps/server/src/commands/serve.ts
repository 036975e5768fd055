import type { Logger } from '@kav/core'
import type { CallEvent } from '@kav/core/host'
import { openAdminPort } from '../admin/admin-port.ts'
import { consoleLink, readAdminAccess } from '../admin/console-link.ts'
import { addAdmin, addBareHealth } from '../admin/own-routes.ts'
import type { ServiceState } from '../admin/readiness.ts'
import { createClockWatch } from '../clock-watch.ts'
import { untilRight, type UntilRightParts } from '../dev/until-right.ts'
import { openServer } from './open-server.ts'
import { askingContext } from './plugins.ts'
import { serveFiles } from './serve-files.ts'
import { type EnvFile, lateEnvFile } from '../env-file.ts'
import { adminPortOf, type ProcessSettings } from '../environment.ts'
import { createRingingCalls } from '../admission/ringing-calls.ts'
import type { Fleet } from '../fleet/fleet-rooms.ts'
import { readFleetSettings } from '../fleet/fleet-settings.ts'
import { openDirectory } from '../fleet/open-directory.ts'
import { type CallHistory, openCallHistory } from '../history/call-history.ts'
import { createOutcomeTally } from '../history/outcome-tally.ts'
import { createHttpHost, type HttpHost } from '../http-host.ts'
import { portFault } from '../http/port-fault.ts'
import { createCallsAccess, ownHostOf } from '../live/calls-access.ts'
import { answerNodes } from '../live/fleet-call-host.ts'
import { createLogger, lineFormat } from '../log.ts'
import { createMetrics, type ProcessMetrics } from '../metrics.ts'
import { PipelineProblems } from '../open-pipeline.ts'
import { type ImportModule, namedPlugins } from '../plugins.ts'
import { redactedLog } from '../privacy/redacted-log.ts'
import { tellSecretsBeyond } from '../privacy/tell-secrets-beyond.ts'
import { codePlaces } from '../process/fault-origin.ts'
import { openLogOutput } from '../process/log-output.ts'
import { endWithoutFail } from '../process/last-resort.ts'
import { LogLevels } from '../process/log-levels.ts'
import { logForeignOutput } from '../process/foreign-output.ts'
import { guardProcess, guardStart } from '../process/process-guard.ts'
import { createStorage } from '../process/storage.ts'
import { EXIT_ILL, ILL, listenForStop, type StopSignals } from '../process/stop-signals.ts'
import type { CallServer, ReadFiles } from '../service/call-server.ts'
import { filesNamed } from '../service/pipeline-files.ts'
import { tellFewFiles } from '../service/files-needed.ts'
import { Reloader, type ReloadOutcome } from '../service/reloader.ts'
import type { Reload } from '../service/service.ts'
import { END_LIMIT_MS, limitOf, shutDown, stepOfEnd } from '../service/shut-down.ts'
import { watchedFiles, watchFiles } from '../service/watch-files.ts'
import { observeSystemClock, systemClock } from '../system-clock.ts'

export interface ServeOptions {
  readonly port?: number
  readonly host?: string
  /** How many processes take the calls; as the settings say when absent. */
  readonly workers?: number
  /** Reads the files anew when one of them changes. */
  readonly watch?: boolean
  readonly envFile?: EnvFile | undefined
  readonly dev?: DevOptions
}

/** What `kav dev` has besides. */
export interface DevOptions {
  readonly importModule: ImportModule
  /** Files of plugins that are watched beside the pipelines. */
  readonly sources: () => readonly string[]
  /** At the start the files were wrong; they are read again once one of them has changed. */
  readonly onRefused: (problems: readonly string[]) => void
  /** @param phone the address of the console's phone; absent where there is no operator's port */
  readonly onReady: (port: number, phone: string | undefined) => void
  readonly onReload: (outcome: ReloadOutcome) => void
  readonly onEvent: (event: CallEvent) => void
}

/** `kav serve`: takes calls until it is told to stop. Resolves with the exit code. */
export async function serve(
  paths: readonly string[],
  options: ServeOptions,
  settings: ProcessSettings,
): Promise<number> {
  const fleetSettings = readFleetSettings(settings.env)
  const output = openLogOutput({ format: lineFormat(process.stdout.isTTY) })
  const { logLevel: level, logPrivate } = settings
  const levels = new LogLevels(level)
  const log = createLogger({ level, levels, private: logPrivate, pretty: false, to: output })
  const metrics = metricsOf(settings, log)
  output.countInto(metrics.metrics)
  observeSystemClock(createClockWatch({ log, metrics: metrics.metrics, clock: systemClock }))
  const state: ServiceState = {
    status: undefined,
    warm: false,
    changeLevel: (change) => levels.change(change, systemClock),
  }
  const stop = listenForStop({
    onReload() {
      if (state.reloader) void state.reloader.reload('SIGHUP')
      else log.warn({}, 'SERVICE: not yet: the files are being read as it is')
    },
    onMeaningless: (signal) => log.warn({ signal }, 'PROCESS: a signal that means nothing here'),
  })
  // From here on: what the start waits for may never come.
  const asked = stop.next()
  const variables = options.envFile ?? lateEnvFile()
  if (options.envFile) tellEnvFile(log, options.envFile)
  const onIll = (): void => stop.raise(ILL)
  const shared = { log, metrics: metrics.metrics, clock: systemClock }
  const start = guardStart({ ...shared, onIll })
  try {
    const { read, reread, redactions } = serveFiles(paths, settings.env, variables, options.dev?.importModule)
    const files = await unlessAsked(asked, firstFiles(options.dev, { paths, log, asked, read, reread }))
    if (files === undefined) return await stoppedEarly(log, await asked)
    for (const warning of files.checked.warnings) log.warn({ warning }, 'CONFIG: warning')
    tellSecretsBeyond({ log, metrics: metrics.metrics })
    const places = await codePlaces(files.checked.loaded.flatMap(namedPlugins))
    start.known(places)
    // For what nobody of these pipelines' calls has written.
    const foreign = redactedLog(log, { redactions: redactions.all, metrics: metrics.metrics })
    const watched = { ...shared, log: foreign, places }
    const unguard = guardProcess({ ...watched, onIll })
    start.guarded()
    // Who writes a plugin wants to see what it prints as it is.
    const unlog = options.dev ? undefined : logForeignOutput(watched)
    const ringing = createRingingCalls(systemClock, () => metrics.metrics.count('call_rings_expired_total'))
    let directory: Awaited<ReturnType<typeof openDirectory>> | undefined
    try {
      directory = await unlessAsked(asked, openDirectory(fleetSettings, shared))
      if (directory === undefined) return await stoppedEarly(log, await asked)
      state.directory = directory
      return await takeCalls({
        state,
        fleet: { directory, limitsFor: fleetSettings.limitsFor, ringing },
        paths,
        options,
        settings,
        log,
        levels,
        metrics,
        stop,
        asked,
        files,
        reread,
        ready: start.ready,
      })
    } finally {
      if (directory) await stepOfEnd('directory', log, directory.close())
      unlog?.()
      unguard()
    }
  } finally {
    start.ready()
    start.guarded()
    await output.end(limitOf('last words'))
  }
}

function metricsOf({ logPrivate, oldMetricNames, traces }: ProcessSettings, log: Logger): ProcessMetrics {
  return createMetrics(log, {
    private: logPrivate,
    oldNames: oldMetricNames,
    exemplars: traces !== undefined,
  })
}

interface ServeParts {
  readonly paths: readonly string[]
  readonly options: ServeOptions
  readonly settings: ProcessSettings
  readonly log: Logger
  readonly levels: LogLevels
  readonly metrics: ProcessMetrics
  readonly stop: StopSignals
  /** The first request to stop. */
  readonly asked: Promise<string>
  readonly files: ReadFiles
  readonly fleet: Fleet
  readonly state: ServiceState
  /** There are calls from now on. */
  readonly ready: () => void
  /** Environment and files as they are now. */
  readonly reread: () => Promise<ReadFiles>
}

/** The operator's port is the first that is open and the last that is closed: it tells how start and end go on. */
async function takeCalls(parts: ServeParts): Promise<number> {
  const { options, settings, log, metrics, state } = parts
  const port = adminPortOf(settings.adminPort, options.port ?? settings.port)
  if (port === undefined) return await callsUntilStop(parts, undefined)
  const access = readAdminAccess(settings.env, settings.adminHosts)
  const place = { port, host: settings.adminHost }
  const admin = await openAdminPort(place, { state, log, metrics, access, env: settings.env })
  const reached = { ...place, port: admin.port }
  // For whoever sits before it: a token has no place in a log that is kept.
  const shown = process.stdout.isTTY && process.stderr.isTTY ? access.token : undefined
  if (shown !== undefined) process.stderr.write(`console: ${consoleLink(reached, shown)}\n`)
  try {
    return await callsUntilStop(parts, consoleLink(reached, shown, '/phone'))
  } finally {
    await stepOfEnd('operator’s port', log, admin.close())
  }
}

async function callsUntilStop(parts: ServeParts, phone: string | undefined): Promise<number> {
  const { log, stop, asked, files, state } = parts
  const http = createHttpHost(log, parts.metrics.metrics)
  const givenUp = new AbortController()
  const history = openHistory(parts)
  const closeHistory = (): Promise<void> => stepOfEnd('history', log, history.close(limitOf('history')))
  const opening = await unlessAsked(asked, openPort(parts, http, history, givenUp.signal)).catch(
    async (error: unknown) => {
      await closeHistory()
      throw error
    },
  )
  if (opening === undefined) {
    givenUp.abort()
    // A thread that opens a database must not be ended in the middle of it.
    return await stoppedEarly(log, await asked, closeHistory)
  }
  const { server, port } = opening
  state.warm = await Promise.race([server.warmedUp.then(() => true), asked.then(() => false)])
  const pipelines = files.checked.loaded.map(({ config, file, version }) => ({
    pipeline: config.name,
    file,
    version,
  }))
  const only = pipelines.length === 1 ? pipelines[0] : { pipelines }
  parts.ready()
  if (state.warm) log.info({ port, ...only }, 'SERVER: ready for calls')
  parts.options.dev?.onReady(port, phone)
  const unwatch = openReloader(parts, server, history)

  const why = await asked
  unwatch()
  await shutDown({ server, history, http, log, stop, why, drainMs: parts.settings.drainMs })
  return why === ILL ? EXIT_ILL : 0
}

/** Where somebody writes them: once they are right. */
function firstFiles(
  dev: ServeOptions['dev'],
  parts: Pick<UntilRightParts, 'paths' | 'log' | 'asked' | 'read' | 'reread'>,
): Promise<ReadFiles | undefined> {
  return dev ? untilRight({ ...dev, ...parts, context: askingContext('.') }) : parts.read()
}

function tellEnvFile(log: Logger, { file, used, kept }: EnvFile): void {
  log.info({ file, used, kept }, 'ENVIRONMENT: .env was read')
}

/** What it comes to; `undefined` once the process is asked to stop: what is waited for may never be there. */
async function unlessAsked<T>(asked: Promise<string>, coming: Promise<T>): Promise<T | undefined> {
  coming.catch(() => undefined)
  return await Promise.race([coming, asked.then(() => undefined)])
}

/** Nobody was called yet. */
async function stoppedEarly(log: Logger, signal: string, close?: () => Promise<void>): Promise<number> {
  endWithoutFail(END_LIMIT_MS)
  await close?.()
  log.info({ signal }, 'SERVER: stopped before it was ready')
  return signal === ILL ? EXIT_ILL : 0
}

/** Returns what ends the watching of the files, where they are watched. */
function openReloader(parts: ServeParts, server: CallServer, history: CallHistory): () => void {
  const { paths, options, log, metrics, state } = parts
  let named = filesNamed(parts.files.checked)
  const watched = (): readonly string[] => watchedFiles({ paths, named, sources: options.dev?.sources() })
  async function reread(): Promise<ReadFiles> {
    try {
      const files = await parts.reread()
      named = filesNamed(files.checked)
      return files
    } catch (error) {
      // One of those may be what is wrong; those from before are what is in use.
      if (error instanceof PipelineProblems) named = [...named, ...error.files]
      throw error
    } finally {
      // A plugin or a pipeline may be of other files now, and a folder another one of the same name.
      watch?.again(watched())
    }
  }
  const reloader = new Reloader({
    async read() {
      const files = await reread()
      tellSecretsBeyond({ log, metrics: metrics.metrics })
      return { reload: await takeAnew(server, history, files), warnings: files.checked.warnings }
    },
    // Who develops is told in plain lines.
    log: options.dev ? createLogger({ level: 'silent', private: false, pretty: false }) : log,
    metrics: metrics.metrics,
  })
  state.reloader = reloader
  const onChange = (): void =>
    void reloader.reload('a file has changed').then((outcome) => options.dev?.onReload(outcome))
  const watch = options.watch ? watchFiles(watched(), { onChange, log }) : undefined
  return () => watch?.close()
}

/** Stores first: calls of the new files begin before all of them are taken. */
async function takeAnew(server: CallServer, history: CallHistory, files: ReadFiles): Promise<Reload> {
  const before = history.pipelines
  try {
    history.use(files.checked.loaded)
    return await server.reload(files)
  } catch (error) {
    history.use(before)
    throw error
  }
}

function openHistory({ files, log, metrics, fleet }: ServeParts): CallHistory {
  const storage = createStorage({ clock: systemClock, metrics: metrics.metrics })
  const { node } = fleet.directory
  return openCallHistory(files.checked.loaded, { log, metrics, storage, clock: systemClock, node })
}

async function openPort(parts: ServeParts, http: HttpHost, history: CallHistory, givenUp: AbortSignal) {
  const { paths, files, log, metrics, options, settings, state } = parts
  const { directory, ringing } = parts.fleet
  const workers = options.workers ?? settings.workers
  tellFewFiles(files.checked.loaded, workers, log)
  const ended = createOutcomeTally()
  const server = await openServer(files, {
    workers,
    hangsAfterS: settings.workerHangsS,
    env: () => ({ ...settings.env }),
    levels: () => parts.levels.held(systemClock),
    fleet: parts.fleet,
    traces: settings.traces,
    givenUp,
    onStored: (pipeline, call) => history.put(pipeline, call),
    onEnded: (notice) => ended.add(notice),
    port: http,
    log,
    metrics,
    ...(options.dev && { onEvent: options.dev.onEvent }),
  })
  state.history = history
  state.ended = ended
  state.figures = server.figures
  state.browser = server.browser
  state.tellLevel = server.tellLevel
  state.status = () => server.status()
  state.calls = createCallsAccess({ hosts: () => server.callHosts(), directory, clock: systemClock })
  answerNodes(
    directory,
    async (callId) => (await ownHostOf(server.callHosts(), callId, systemClock)).host,
    ringing.over,
  )
  if (settings.adminOnCallsPort) addAdmin(http, state, metrics)
  else addBareHealth(http, state)
  // The demo checks no signatures: it is for this machine, unless somebody says otherwise.
  const host = options.host ?? (paths.length === 0 ? '127.0.0.1' : undefined)
  const wanted = options.port ?? settings.port
  const port = await http.listen(wanted, host).catch(async (error: unknown) => {
    await server.close()
    throw new Error(portFault(error, wanted, host), { cause: error })
  })
  return { server, port }
}
