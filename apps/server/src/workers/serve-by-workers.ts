import { type HttpRequest, type HttpResponse, type Logger, messageOf } from '@kav/core'
import { limitLog, settleWithin, withDeadline } from '@kav/core/kit'
import type { ServiceStatus, WorkersFigures } from '../service/service-status.ts'
import { asNotice, type CallNotice } from '../fleet/call-notice.ts'
import { type Fleet, fleetRooms } from '../fleet/fleet-rooms.ts'
import { HANDED_OVER, refuseUpgrade, type UpgradeHandler } from '../http/upgrade-door.ts'
import { RouteTable } from '../http/route-table.ts'
import type { LevelChange } from '../process/log-levels.ts'
import type { BrowserCallAnswer, BrowserCallAsk, BrowserDoor } from '../service/browser-door.ts'
import type { CallServer, ReadFiles } from '../service/call-server.ts'
import { BEING_STOPPED, type OpenServiceParts, type Reload } from '../service/service.ts'
import type { CallCommand, CallHost } from '../live/call-command.ts'
import { handOver } from './hand-over.ts'
import { openFilesAllowed } from '../process/open-files.ts'
import { filesNeeded } from '../service/files-needed.ts'
import { countLostSockets } from './lost-sockets.ts'
import type { OutboundLinks } from '../admission/outbound-links.ts'
import { MachineRooms } from './machine-rooms.ts'
import type { WorkerFiles, WorkerLoad } from './messages.ts'
import { RepeatedRequests } from './repeated-requests.ts'
import { pathToSlot } from '../http/slot-paths.ts'
import { readAnew } from './read-anew.ts'
import { SummedFigures } from './summed-figures.ts'
import type { Worker } from './worker.ts'
import { leastLoaded, type Loaded } from './worker-choice.ts'
import { renderEach, renderSum, sumOf } from './worker-figures.ts'
import { WorkerPool } from './worker-pool.ts'
import { isSilent } from './worker-silence.ts'
import { mergeStatus } from './worker-status.ts'

export interface WorkersParts extends Pick<
  OpenServiceParts,
  'port' | 'clock' | 'log' | 'metrics' | 'onStored'
> {
  /** Told of every call that is over, of all workers. */
  readonly onEnded?: ((notice: CallNotice) => void) | undefined
  readonly count: number
  readonly hangsAfterS: number
  readonly fleet: Fleet
  /** Changes of the log's level that hold now. */
  readonly levels: () => readonly LevelChange[]
  readonly outbound: OutboundLinks
  /** As `WorkerPoolParts.givenUp`. */
  readonly givenUp?: AbortSignal | undefined
  /** Of the process as it is now. */
  readonly env: () => WorkerFiles['env']
}

/** Calls that are hung up, their files, and the last words of the log; then it is killed. Within `STEPS` of `shutDown`. */
const WORKERS_END_MS = 3850
const FIGURES_LIMIT_MS = 500
/** The carrier waits 15 s; a balancer then has time to ask elsewhere. */
const ANSWER_LIMIT_MS = 8000
const NO_WORKER: HttpResponse = { status: 503, headers: { 'retry-after': '1' }, body: 'no worker\n' }

/**
 * Takes the calls in several processes. This one owns the port: it counts the calls, and hands each on to the worker
 * that has least to do. A worker that dies takes its own calls with it and nothing else.
 */
export async function serveByWorkers(files: ReadFiles, parts: WorkersParts): Promise<CallServer> {
  const server = new WorkersServer(files, parts)
  await server.start()
  return server
}

class WorkersServer implements CallServer {
  readonly #parts: WorkersParts
  readonly #pool: WorkerPool
  readonly #rooms: MachineRooms
  readonly #repeated: RepeatedRequests
  /** For what strangers can ask as often as they like. */
  readonly #strangersLog: Logger
  readonly #sums = new SummedFigures()
  /** The same for the same worker. */
  readonly #hosts = new WeakMap<Worker, CallHost>()
  #files: WorkerFiles
  /** Of one worker: as many as it may have files open for. */
  #mostCalls = Infinity
  #last = 0
  #draining = false
  readonly warmedUp: Promise<void>
  readonly figures: WorkersFigures = {
    render: async (format) => await renderSum(await this.#summed(), format),
    sum: async () => await sumOf(await this.#summed()),
    renderEach: async (format) => await renderEach(await this.#figures(), format),
  }
  readonly browser: BrowserDoor = {
    offer: (ask) => this.#offerToBrowser(ask),
    receive: ({ pipeline, slot }, ...asked) => this.#handOn({ slot, browserOf: pipeline }, () => true, asked),
  }
  readonly tellLevel = (change: LevelChange): void => {
    for (const { peer } of this.#pool.workers) peer.tell('level', change)
  }
  #onWarm = (): void => undefined
  #stopCounting = (): void => undefined

  constructor(files: ReadFiles, parts: WorkersParts) {
    const { clock, log, metrics } = parts
    this.#parts = parts
    this.#strangersLog = limitLog({ log, clock, metrics: metrics.metrics })
    this.#files = { sources: files.sources, env: parts.env() }
    this.#repeated = new RepeatedRequests(clock)
    this.warmedUp = new Promise((resolve) => (this.#onWarm = resolve))
    const { fleet, outbound } = parts
    const rooms = new MachineRooms(
      fleetRooms(fleet),
      () => this.#mostCalls,
      () => this.#pool.workers,
    )
    this.#rooms = rooms
    this.#limit(files)
    this.#pool = new WorkerPool({
      ...parts,
      metrics: metrics.metrics,
      size: parts.count,
      files: () => this.#files,
      answer: (worker) => ({
        claim: ({ id, pipeline, call }) => rooms.claim(worker, id, pipeline, call),
        ring: ({ id, pipeline, call }) => rooms.ring(worker, id, pipeline, call),
        pace: async ({ key, pace }) => outbound.pace(key, pace),
        once: async ({ key, withinMs }) => fleet.directory.once(key, withinMs),
        store: async ({ pipeline, call }) => (await parts.onStored?.(pipeline, call)) ?? true,
      }),
      onAdopted: (worker, { id, pipeline, call }) => rooms.adopt(worker, id, pipeline, call),
      onTaken: (worker, { id }) => rooms.taken(worker, id),
      onOrdered: (worker, { id, callId, withinMs }) => rooms.ordered(worker, id, callId, withinMs),
      onPlacedOver: outbound.over,
      onKept(notice) {
        parts.onEnded?.(notice)
        void fleet.directory.tell(asNotice(notice))
      },
      onReleased: (worker, { id }) => rooms.release(worker, id),
      onRoutes: () => this.#serve(),
      onWarm: () => this.#onWarm(),
      onLost: (worker) => this.#lost(worker),
      onSecond: () => this.#report(),
    })
  }

  async start(): Promise<void> {
    await this.#pool.start()
    const { log, metrics } = this.#parts
    this.#stopCounting = countLostSockets(log, metrics.metrics)
  }

  get activeCalls(): number {
    return this.#pool.workers.reduce((calls, worker) => calls + this.#rooms.countOf(worker), 0)
  }

  /** The one that has least to do first. */
  callHosts(): readonly CallHost[] {
    const first = leastLoaded(this.#pool.workers.map((worker) => this.#loaded(worker)))?.worker
    const inOrder = [...this.#pool.workers].sort((a, b) => Number(b === first) - Number(a === first))
    return inOrder.map((worker) => {
      const known = this.#hosts.get(worker)
      const host = known ?? { ask: (command: CallCommand) => worker.peer.ask('call', command) }
      if (known === undefined) this.#hosts.set(worker, host)
      return host
    })
  }

  status(): ServiceStatus {
    const status = mergeStatus(this.#pool.workers, this.#rooms)
    if (!this.#draining) return status
    // Their reports are up to a second old.
    return { ...status, pipelines: status.pipelines.map((one) => ({ ...one, refusing: 'draining' })) }
  }

  /**
   * All of them read the same texts, and the first answer stands for all. Where one cannot take them, those that could
   * go back; one that has died is followed by one that reads what the others have.
   */
  async reload(files: ReadFiles): Promise<Reload> {
    if (this.#draining) throw new Error(BEING_STOPPED)
    const next: WorkerFiles = { sources: files.sources, env: this.#parts.env() }
    const { taken, failure } = await readAnew(this.#pool.workers, next)
    if (failure !== undefined) {
      await readAnew(
        taken.map(({ worker }) => worker),
        this.#files,
      )
      throw failure.error
    }
    if (taken.length === 0) throw new Error('there is no worker just now: try once more')
    this.#files = next
    this.#limit(files)
    await this.#pool.catchUp()
    return taken[0]!.reload
  }

  drain(): void {
    this.#draining = true
    this.#pool.end()
    this.#stop('parent-stops')
  }

  idle(): Promise<void> {
    return this.#pool.ended()
  }

  async close(hurry?: AbortSignal): Promise<void> {
    this.drain()
    this.#stop('time-is-over')
    hurry?.addEventListener('abort', () => this.#stop('at-once'), { once: true })
    await settleWithin(this.#parts.clock, WORKERS_END_MS, this.#pool.ended())
    this.#stopCounting()
    this.#pool.kill()
  }

  async #figures(): Promise<
    readonly { worker: string; figures: Awaited<ReturnType<WorkersParts['metrics']['figures']>> }[]
  > {
    const { clock, metrics } = this.#parts
    const found = [{ worker: 'parent', figures: await metrics.figures() }]
    const asked = this.#pool.workers.map(async (worker) => {
      const figures = await worker.peer.ask('figures', null)
      this.#sums.told(worker, figures)
      found.push({ worker: String(worker.slot), figures })
    })
    await settleWithin(clock, FIGURES_LIMIT_MS, Promise.allSettled(asked))
    return found
  }

  async #summed() {
    const [parent] = await this.#figures()
    return [parent!.figures, ...(await this.#sums.of(this.#pool.workers))]
  }

  #stop(why: string): void {
    for (const { peer } of this.#pool.workers) peer.tell('stop', why)
  }

  #limit({ checked }: ReadFiles): void {
    const { count: workers } = this.#parts
    const { calls } = filesNeeded(checked.loaded, { allowed: openFilesAllowed(), workers })
    this.#mostCalls = calls ?? Infinity
    this.#rooms.limit(new Map(checked.loaded.map(({ config }) => [config.name, config.limits.max_calls])))
  }

  /** What no worker knows by itself. */
  #report(): void {
    const { metrics } = this.#parts.metrics
    for (const pipeline of this.#rooms.pipelines)
      metrics.gauge('refusing_calls', this.#rooms.isFull(pipeline) ? 1 : 0, { reason: 'full', pipeline })
  }

  #lost(worker: Worker): number {
    const { log, metrics } = this.#parts
    const calls = this.#rooms.leave(worker)
    metrics.metrics.count('worker_calls_lost_total', calls)
    if (calls > 0) log.error({ worker: worker.slot, calls }, 'WORKER: its calls are lost')
    return calls
  }

  /** What any worker answers is answered on the port. */
  #serve(): void {
    const all = this.#pool.workers.map(({ routes }) => routes)
    // Until there is one again, the paths are known, and a balancer is told to ask elsewhere.
    if (all.length === 0) return
    const table = new RouteTable()
    const offering = new Set(all.flatMap((routes) => routes.offering))
    for (const key of new Set(all.flatMap(({ routes }) => routes))) {
      const [method, path] = key.split(' ') as ['GET' | 'POST', string]
      const weight = offering.has(key) ? 1 : 0
      table.route(method, path, (request) => this.#forward(key, request, weight))
    }
    for (const path of new Set(all.flatMap(({ upgrades }) => upgrades))) {
      table.upgrade(path, this.#upgrade(path))
      for (let slot = 1; slot <= this.#parts.count; slot++)
        table.upgrade(pathToSlot(path, slot), this.#upgrade(path, slot))
    }
    this.#parts.port.serve([table])
  }

  /** @param weight as how many calls it counts while it is answered. */
  async #forward(key: string, request: HttpRequest, weight: 0 | 1): Promise<HttpResponse> {
    const isPost = request.method === 'POST'
    const serves = ({ routes, held }: Worker): boolean => routes.routes.includes(key) && held.hasRoom(request)
    const worker = this.#choose(serves, isPost ? this.#repeated.slotOf(request) : undefined)
    if (worker === undefined) return this.#unanswered('there is none that has room for it')
    if (isPost) this.#repeated.answeredBy(worker.slot, request)
    worker.underWay += weight
    try {
      const answer = worker.held.hold(request, worker.peer.ask('request', request))
      return await withDeadline(this.#parts.clock, ANSWER_LIMIT_MS, 'an answer of a worker', answer)
    } catch (error) {
      const { slot, peer } = worker
      // The carrier asks once more, or its fallback: better than an answer that means "hang up".
      if (!peer.isGone && !isSilent(worker)) throw error
      return this.#unanswered(messageOf(error), slot)
    } finally {
      worker.underWay -= weight
    }
  }

  #unanswered(error: string, worker?: number): HttpResponse {
    this.#strangersLog.warn({ worker, error }, 'WORKER: a request has no answer')
    this.#parts.metrics.metrics.count('worker_requests_unanswered_total')
    return NO_WORKER
  }

  async #offerToBrowser(ask: BrowserCallAsk): Promise<BrowserCallAnswer> {
    const worker = this.#choose(() => true, undefined)
    if (worker === undefined) return { refused: 'overloaded' }
    const { slot } = worker
    worker.underWay++
    try {
      const asked = worker.peer.ask('browserCall', ask)
      const answer = await withDeadline(this.#parts.clock, ANSWER_LIMIT_MS, 'an answer of a worker', asked)
      return 'refused' in answer ? answer : { ...answer, to: { ...answer.to, slot } }
    } finally {
      worker.underWay--
    }
  }

  #upgrade(path: string, slot?: number): UpgradeHandler {
    const serves = ({ routes }: Worker): boolean => routes.upgrades.includes(path)
    return (...asked) => this.#handOn({ path, slot }, serves, asked)
  }

  #handOn(
    {
      path,
      slot,
      browserOf,
    }: { path?: string | undefined; slot: number | undefined; browserOf?: string | undefined },
    serves: (worker: Worker) => boolean,
    [request, socket, head]: Parameters<UpgradeHandler>,
  ): ReturnType<UpgradeHandler> {
    const worker = this.#choose(serves, slot)
    const handed = worker && handOver(path ?? '', request, socket, head)
    if (worker === undefined || handed === undefined) {
      refuseUpgrade(socket, '503 Service Unavailable')
      return undefined
    }
    const again = (): void => void this.#handOn({ path, slot, browserOf }, serves, [request, socket, head])
    worker.peer.tell('upgrade', { ...handed.head, ...(browserOf && { browserOf }) }, handed.socket, again)
    return HANDED_OVER
  }

  /**
   * The one in this slot, while there is one that is heard; else the one that has least to do. Of those that serve it:
   * while files are read anew, and while calls end on files that were replaced, not all do.
   */
  #choose(serves: (worker: Worker) => boolean, slot: number | undefined): Worker | undefined {
    const workers = this.#pool.workers.filter(serves)
    const there = slot === undefined ? undefined : workers.find((worker) => worker.slot === slot)
    if (there !== undefined && !isSilent(there)) return there
    const chosen = leastLoaded(
      workers.map((worker) => this.#loaded(worker)),
      this.#last,
    )
    if (chosen !== undefined) this.#last = chosen.slot
    return chosen?.worker
  }

  #loaded(worker: Worker): Loaded & { readonly worker: Worker } {
    const { slot, underWay, load } = worker
    return {
      slot,
      worker,
      underWay,
      calls: this.#rooms.countOf(worker),
      cpuShare: load?.cpuShare ?? 0,
      // One that is about to end by itself drains, and has fewer calls by the minute.
      isLast: isSilent(worker) || isRefusing(load),
    }
  }
}

function isRefusing(load: WorkerLoad | undefined): boolean {
  return load?.status.pipelines.some(({ refusing }) => refusing !== undefined) ?? false
}
