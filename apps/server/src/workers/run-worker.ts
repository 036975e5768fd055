import type { Socket } from 'node:net'
import type { Logger } from '@kav/core'
import { limitLog } from '@kav/core/kit'
import type { CallRooms } from '../admission/call-rooms.ts'
import { watchLoopLag } from '../admission/loop-lag.ts'
import { createClockWatch } from '../clock-watch.ts'
import type { ProcessSettings } from '../environment.ts'
import { callNotice } from '../fleet/call-notice.ts'
import { readFleetSettings } from '../fleet/fleet-settings.ts'
import { createUpgradeDoor } from '../http/upgrade-door.ts'
import { createLogger } from '../log.ts'
import { createMetrics, type ProcessMetrics } from '../metrics.ts'
import { createServerLoader, namedPlugins } from '../plugins.ts'
import { createStorage } from '../process/storage.ts'
import { codePlaces } from '../process/fault-origin.ts'
import { openLogOutput } from '../process/log-output.ts'
import { LogLevels } from '../process/log-levels.ts'
import { redactedLog } from '../privacy/redacted-log.ts'
import { RedactionsSoFar } from '../privacy/redactions-of.ts'
import { logForeignOutput } from '../process/foreign-output.ts'
import { guardProcess, guardStart } from '../process/process-guard.ts'
import {
  createStopRequests,
  EXIT_ILL,
  ILL,
  listenForNothing,
  type StopSignals,
} from '../process/stop-signals.ts'
import { type CallServer, type ReadFiles, serveHere } from '../service/call-server.ts'
import { checkSources } from '../service/pipeline-files.ts'
import { limitOf, shutDown } from '../service/shut-down.ts'
import { openTraces } from '../traces/open-traces.ts'
import type { TraceSettings } from '../traces/trace-settings.ts'
import { observeSystemClock, systemClock } from '../system-clock.ts'
import { tellLoad } from './load-report.ts'
import type { TellParent, TellWorker, ToParent, ToWorker, UpgradeHead, WorkerFiles } from './messages.ts'
import { createOrphanCalls, type OrphanCalls } from './orphan-calls.ts'
import { type Channel, connectPeer, type Peer } from './peer.ts'
import { takeEnvironment } from './worker-environment.ts'
import { createWorkerPort, type WorkerPort } from './worker-port.ts'

type Parent = Peer<ToParent, TellParent>

/** A worker that has its slot. */
interface Opened {
  readonly log: Logger
  readonly port: WorkerPort
  readonly server: CallServer
  readonly orphans: OrphanCalls
  /** Of what is printed and thrown beside the calls. */
  readonly redactions: RedactionsSoFar
  close(): void
}

/**
 * One of the processes that take the calls of a service: it does what the parent says, and reports. Resolves with the
 * exit code. A worker whose parent is gone speaks its calls to their end.
 */
export async function runWorker(channel: Channel, settings: ProcessSettings): Promise<number> {
  const output = openLogOutput()
  const { logLevel: level, logPrivate, oldMetricNames: oldNames } = settings
  const levels = new LogLevels(level)
  const log = createLogger({ level, levels, private: logPrivate, pretty: false, to: output })
  const metrics = createMetrics(log, {
    private: logPrivate,
    oldNames,
    exemplars: settings.traces !== undefined,
  })
  output.countInto(metrics.metrics)
  observeSystemClock(createClockWatch({ log, metrics: metrics.metrics, clock: systemClock }))
  listenForNothing()
  const stop = createStopRequests()
  const asked = stop.next()
  const onIll = (): void => stop.raise(ILL)
  const start = guardStart({ log, metrics: metrics.metrics, clock: systemClock, onIll })
  let opened: Opened | undefined

  const parent: Parent = connectPeer<ToParent, TellParent, ToWorker, TellWorker>(channel, {
    answer: {
      async prepare(files) {
        await check(files)
        return null
      },
      async open({ slot, files, completesKilled }) {
        takeEnvironment(files.env)
        opened = await open(slot, await check(files), {
          parent,
          log,
          metrics,
          stop,
          completesKilled,
          traces: settings.traces,
          known: start.known,
          guarded: start.guarded,
        })
        start.ready()
        return null
      },
      async reload(files) {
        takeEnvironment(files.env)
        const next = await check(files)
        opened!.redactions.use(next.checked.loaded)
        const reload = await opened!.server.reload(next)
        opened!.orphans.use(next.checked.loaded)
        return reload
      },
      request: (request) => opened!.port.answer(request),
      figures: () => metrics.figures(),
      call: (command) => opened!.server.callHosts()[0]!.ask(command),
      browserCall: (ask) => opened!.server.browser.offer(ask),
    },
    hear: {
      upgrade: (head, socket) => socket && receive(opened!, head, socket),
      level: (change) => levels.change(change, systemClock),
      stop(why) {
        // A request that comes right behind it is refused already.
        opened?.server.drain()
        stop.raise(why)
      },
    },
  })
  channel.on('disconnect', () => stop.raise('parent-gone'))

  const why = await asked
  if (opened !== undefined) {
    const { server, log, close } = opened
    // How long it may take is the parent's to say; one that is gone says nothing, and calls are not cut for that.
    await shutDown({ server, http: { close: async () => close() }, log, stop, why, drainMs: undefined })
  }
  await output.end(limitOf('last words'))
  return why === ILL ? EXIT_ILL : 0
}

function receive({ port, server }: Opened, head: UpgradeHead, socket: Socket): void {
  const pipeline = head.browserOf
  if (pipeline === undefined) return port.receive(head, socket)
  port.receive(head, socket, (...asked) => server.browser.receive({ pipeline, slot: 0 }, ...asked))
}

async function check({ sources }: WorkerFiles): Promise<ReadFiles> {
  return { sources, checked: await checkSources(sources, process.env, createServerLoader()) }
}

async function open(
  slot: number,
  files: ReadFiles,
  parts: {
    readonly parent: Parent
    readonly log: Logger
    readonly metrics: ProcessMetrics
    readonly stop: StopSignals
    readonly completesKilled: boolean
    readonly traces: TraceSettings | undefined
    readonly known: ReturnType<typeof guardStart>['known']
    readonly guarded: () => void
  },
): Promise<Opened> {
  const { parent, metrics, stop, completesKilled } = parts
  const log = parts.log.child({ worker: slot })
  const shared = { log, clock: systemClock, metrics: metrics.metrics }
  const places = await codePlaces(files.checked.loaded.flatMap(namedPlugins))
  parts.known(places)
  const redactions = new RedactionsSoFar()
  redactions.use(files.checked.loaded)
  const printed = {
    ...shared,
    log: redactedLog(log, { redactions: redactions.all, metrics: metrics.metrics }),
    places,
  }
  guardProcess({ ...printed, onIll: () => stop.raise(ILL) })
  parts.guarded()
  logForeignOutput(printed)
  const door = createUpgradeDoor(limitLog(shared), metrics.metrics)
  const port = createWorkerPort({ slot, door, onRoutes: (routes) => parent.tell('routes', routes) })
  const lag = watchLoopLag()
  const orphans = createOrphanCalls({ ...shared, storage: createStorage(shared) })
  orphans.use(files.checked.loaded)
  let nextRoom = 0
  const { node } = readFleetSettings(process.env)
  const server = await serveHere(files, {
    ...shared,
    metrics,
    completesKilled,
    worker: slot,
    node,
    traces: await openTraces(parts.traces, { log, metrics: metrics.metrics, node, worker: slot }),
    port,
    lag,
    rooms: (name) => roomsOf(name, parent, () => nextRoom++),
    once: (key, withinMs) => parent.ask('once', { key, withinMs }).catch(() => true),
    onStored(pipeline, call) {
      const leave = orphans.seen(pipeline, call)
      return parent.ask('store', { pipeline, call }).catch(leave)
    },
    outbound: {
      // A parent that is gone places no more calls.
      pace: (key, pace) => parent.ask('pace', { key, pace }),
      over: (callId) => parent.tell('placedOver', { callId }),
    },
    onRecord: (record) => parent.tell('kept', callNotice(record)),
  })
  tellLoad(lag, server, (load) => parent.tell('load', load))
  void server.warmedUp.then(() => parent.tell('warm', null))
  return { log, port, server, orphans, redactions, close: () => door.close() }
}

/** The parent counts the calls of all workers. */
function roomsOf(pipeline: string, parent: Parent, nextId: () => number): CallRooms {
  const room = (id: number) => ({
    taken: () => parent.tell('taken', { id }),
    release: () => parent.tell('release', { id }),
  })
  return {
    isFull: false,
    async ring(call) {
      const id = nextId()
      const taken = await parent.ask('ring', { id, pipeline, call }).catch(() => false)
      if (!taken) return undefined
      return {
        ordered: (callId, withinMs) => parent.tell('ordered', { id, callId, withinMs }),
        release: () => parent.tell('release', { id }),
      }
    },
    async claim(call) {
      const id = nextId()
      const taken = await parent.ask('claim', { id, pipeline, call }).catch(() => false)
      return taken ? room(id) : undefined
    },
    adopt(call) {
      const id = nextId()
      parent.tell('adopt', { id, pipeline, call })
      return room(id)
    },
  }
}
