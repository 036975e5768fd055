import type { TransportHost } from '@kav/core'
import { settleWithin, untilAborted } from '@kav/core/kit'
import { formatProblems, type LoadedPipeline } from '@kav/core/host'
import { createCallRooms } from '../admission/call-rooms.ts'
import { createRingingCalls, ringingRooms } from '../admission/ringing-calls.ts'
import { createNamedRooms, type MakeRooms } from '../admission/named-rooms.ts'
import type { CallsPort } from '../http-host.ts'
import { PipelineProblems } from '../open-pipeline.ts'
import { createRefusedCalls } from '../calls/refused-calls.ts'
import { type RunningPipeline, runPipeline, type RunPipelineOptions } from './running-pipeline.ts'
import { type BrowserDoor, createBrowserDoor } from './browser-door.ts'
import { createOutboundDoor } from './outbound-door.ts'
import type { OutboundLinks } from '../admission/outbound-links.ts'
import { CompletedFolders } from './complete-folders.ts'
import { configKey } from './config-key.ts'
import { whyNotStarted } from './create-problem.ts'
import { type Line, lineKey, openLine } from './line.ts'
import type { ServiceParts } from './service-parts.ts'
import { byLine, pathProblems, togetherProblems } from './together.ts'

/** What came of reading the files anew: names of pipelines. */
export interface Reload {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  readonly unchanged: readonly string[]
}

/** The pipelines that a process answers calls with. */
export interface Service {
  /** Those that take the new calls, in the order of their files. */
  readonly pipelines: readonly RunningPipeline[]
  /** Calls that run, those counted whose pipeline was replaced. */
  readonly activeCalls: number
  /** Resolves when the first call need wait for nothing, or after some seconds at the latest. Never rejects. */
  readonly warmedUp: Promise<void>
  /**
   * New calls are these pipelines' from the moment it resolves, when they are warm; running calls end on what they
   * began with. What has not changed goes on as it is. Rejects with `PipelineProblems` or `KavError`, and then nothing
   * has changed.
   */
  reload(loaded: readonly LoadedPipeline[]): Promise<Reload>
  /** The console's phone. */
  readonly browser: BrowserDoor
  /** Has somebody called. Never rejects. */
  readonly place: ReturnType<typeof createOutboundDoor>
  /** No new calls from now on. */
  drain(): void
  /** Resolves when no call is running, and the files of those that ran are written. */
  idle(): Promise<void>
  /** As `RunningPipeline.close`, for all of them, those that a reload has prepared, the transports and the traces. */
  close(hurry?: AbortSignal): Promise<void>
}

export interface OpenServiceParts extends ServiceParts {
  readonly port: CallsPort
  /** Whether calls of processes that died are completed here: of several that start, one does. Default true. */
  readonly completesKilled?: boolean
  /** Who counts the calls of a pipeline; absent, this process alone. */
  readonly rooms?: MakeRooms
  /** Remembers what was used, longer than any pipeline lives. */
  readonly once: TransportHost['once']
  readonly outbound: OutboundLinks
}

/** Why files that were read are not taken any more. */
export const BEING_STOPPED = 'the process is being stopped; the files were not read anew'
/** What is prepared is closed within as long as what runs. */
const RELOAD_LIMIT_MS = 3000
/** What a transport gets to let its sockets go. */
const LINES_LIMIT_MS = 500
/** The last calls' spans are sent, as long as it may take. */
const TRACES_LIMIT_MS = 600

interface Member {
  readonly key: string
  readonly lineKey: string
  readonly running: RunningPipeline
}

interface Leaving {
  /** What brought its calls. */
  readonly line: Line | undefined
  /** Resolves when the last of them is over. */
  readonly gone: Promise<void>
}

/** What is made for new files, before anything of it takes a call. */
interface Prepared {
  readonly members: readonly Member[]
  readonly lines: ReadonlyMap<string, Line>
  readonly made: readonly { close(): Promise<void> }[]
}

/** Opens every pipeline, or none: rejects with `PipelineProblems` or `KavError`. */
export async function openService(
  loaded: readonly LoadedPipeline[],
  parts: OpenServiceParts,
): Promise<Service> {
  const service = new OpenService(parts)
  await service.open(loaded)
  return service
}

class OpenService implements Service {
  readonly #parts: Omit<OpenServiceParts, 'rooms'> & Pick<RunPipelineOptions, 'rooms'>
  readonly #lineParts: Parameters<typeof openLine>[1]
  #members: readonly Member[] = []
  #lines: ReadonlyMap<string, Line> = new Map()
  /** Replaced, with calls that have not ended. */
  readonly #leaving = new Map<RunningPipeline, Leaving>()
  readonly #leavingLines = new Map<Line, Promise<void>>()
  #reloading: Promise<unknown> = Promise.resolve()
  readonly #draining = new AbortController()
  readonly #looking = new AbortController()
  readonly #folders: CompletedFolders
  warmedUp: Promise<void> = Promise.resolve()
  readonly browser = createBrowserDoor((name) => this.#find(name))
  readonly place: Service['place']

  constructor(parts: OpenServiceParts) {
    const { metrics } = parts.metrics
    const ringing = createRingingCalls(parts.clock, () => metrics.count('call_rings_expired_total'))
    const alone: MakeRooms = (_name, maxCalls) => ringingRooms(createCallRooms(maxCalls), ringing)
    const { rooms: make = alone } = parts
    this.place = createOutboundDoor((name) => this.#find(name), { ...parts, metrics })
    const rooms = createNamedRooms(make, (name) => this.#maxCallsOf(name))
    this.#parts = { ...parts, rooms }
    this.#lineParts = { ...parts, refused: createRefusedCalls({ ...parts, metrics }) }
    const { signal } = this.#looking
    this.#folders = new CompletedFolders({
      ...parts,
      metrics: parts.metrics.metrics,
      tellEnded: async (record) => this.#named(record.pipeline)?.hooks.afterCall?.tell(record),
      signal,
      upload: (file, pipeline) => this.#named(pipeline)?.uploads?.put(file),
    })
  }

  async open(loaded: readonly LoadedPipeline[]): Promise<void> {
    const prepared = await this.#prepare(loaded)
    this.#take(prepared)
    this.warmedUp = Promise.all(this.pipelines.map((one) => one.warmedUp)).then(() => undefined)
  }

  get pipelines(): readonly RunningPipeline[] {
    return this.#members.map(({ running }) => running)
  }

  get activeCalls(): number {
    return this.#all.reduce((calls, one) => calls + one.activeCalls, 0)
  }

  reload(loaded: readonly LoadedPipeline[]): Promise<Reload> {
    const next = this.#reloading.then(() => this.#reload(loaded))
    this.#reloading = next.catch(() => undefined)
    return next
  }

  drain(): void {
    this.#draining.abort()
    for (const one of this.#all) one.drain()
  }

  async idle(): Promise<void> {
    await Promise.all(this.#all.map((one) => one.idle()))
  }

  async close(hurry?: AbortSignal): Promise<void> {
    this.drain()
    this.#looking.abort()
    const { clock, traces } = this.#parts
    const prepared = settleWithin(clock, RELOAD_LIMIT_MS, this.#reloading)
    await Promise.all([...this.#all.map((one) => one.close(hurry)), prepared])
    const lines = [...this.#lines.values(), ...this.#leavingLines.keys()]
    const linesClosed = Promise.allSettled(lines.map((line) => line.close()))
    await Promise.all([settleWithin(clock, LINES_LIMIT_MS, linesClosed), traces?.close(TRACES_LIMIT_MS)])
  }

  #find(name: string) {
    const member = this.#members.find(({ running }) => running.loaded.config.name === name)
    const line = member && this.#lines.get(member.lineKey)
    return member && line && { running: member.running, line }
  }

  #maxCallsOf(name: string): number {
    return this.#named(name)?.loaded.config.limits.max_calls ?? 0
  }

  #named(name: string): RunningPipeline | undefined {
    return this.pipelines.find(({ loaded }) => loaded.config.name === name)
  }

  get #all(): readonly RunningPipeline[] {
    return [...this.pipelines, ...this.#leaving.keys()]
  }

  async #reload(loaded: readonly LoadedPipeline[]): Promise<Reload> {
    const before = this.#members
    const prepared = await this.#prepare(loaded)
    const warm = Promise.all(prepared.members.map(({ running }) => running.warmedUp))
    await untilAborted(this.#draining.signal, warm, () => undefined)
    if (this.#draining.signal.aborted) {
      await closeAll(prepared.made)
      throw new Error(BEING_STOPPED)
    }
    const linesBefore = this.#lines
    this.#take(prepared)
    this.#retire(before, linesBefore)
    return compare(before, prepared.members)
  }

  /** Makes what is new, unless it is draining. Nothing takes a call yet; what fails is closed again. */
  async #prepare(loaded: readonly LoadedPipeline[]): Promise<Prepared> {
    this.#assertLasting()
    const problems = togetherProblems(loaded)
    if (problems.length > 0) throw new PipelineProblems(formatProblems(problems))
    const made: { close(): Promise<void> }[] = []
    try {
      const lines = this.#prepareLines(loaded, made)
      const members: Member[] = []
      for (const pipeline of loaded) {
        const [key, line] = [configKey(pipeline), lineKey(pipeline)]
        const same = this.#members.find((one) => one.key === key && one.running.loaded.file === pipeline.file)
        const running = same?.running ?? (await this.#run(pipeline))
        if (same === undefined) made.push(running)
        members.push({ key, lineKey: line, running })
        this.#assertLasting()
      }
      return { members, lines, made }
    } catch (error) {
      await closeAll(made)
      throw error
    }
  }

  #assertLasting(): void {
    if (this.#draining.signal.aborted) throw new Error(BEING_STOPPED)
  }

  async #run(pipeline: LoadedPipeline): Promise<RunningPipeline> {
    try {
      return await runPipeline({ ...this.#parts, pipeline })
    } catch (error) {
      throw whyNotStarted(pipeline, error)
    }
  }

  #open(pipeline: LoadedPipeline): Line {
    try {
      return openLine(pipeline, this.#lineParts)
    } catch (error) {
      throw whyNotStarted(pipeline, error)
    }
  }

  #prepareLines(
    loaded: readonly LoadedPipeline[],
    made: { close(): Promise<void> }[],
  ): ReadonlyMap<string, Line> {
    const lines = new Map<string, Line>()
    const opened: (readonly [LoadedPipeline, Line])[] = []
    for (const [key, [first]] of byLine(loaded)) {
      const there = this.#lines.get(key)
      const line = there ?? this.#open(first!)
      if (there === undefined) made.push(line)
      opened.push([first!, line])
      lines.set(key, line)
    }
    const problems = pathProblems(opened)
    if (problems.length > 0) throw new PipelineProblems(formatProblems(problems))
    return lines
  }

  /** In one step: there is no moment at which a call finds half of it. */
  #take({ members, lines }: Prepared): void {
    this.#members = members
    if (this.#parts.completesKilled !== false)
      for (const one of this.pipelines) this.#folders.complete(one.loaded)
    this.#lines = lines
    for (const [key, line] of lines)
      line.lead(members.filter((one) => one.lineKey === key).map(({ running }) => running))
    this.#serve()
  }

  /** A line that nobody has in his file any more answers what its calls still ask, where no other does. */
  #serve(): void {
    const lines = [...this.#lines.values(), ...this.#leavingLines.keys()]
    this.#parts.port.serve(lines.map(({ table }) => table))
  }

  #retire(members: readonly Member[], lines: ReadonlyMap<string, Line>): void {
    const stay = new Set(this.pipelines)
    for (const { running, lineKey: key } of members) {
      if (stay.has(running)) continue
      running.leave()
      const gone = running
        .idle()
        .then(() => running.close())
        .finally(() => this.#leaving.delete(running))
      this.#leaving.set(running, { line: lines.get(key), gone })
    }
    for (const [key, line] of lines) {
      if (this.#lines.has(key)) continue
      // Who is being asked about a call, or knows its paths alone, finds those that have the new calls.
      const names = members.filter((one) => one.lineKey === key).map(nameOf)
      const next = this.#members.filter((one) => names.includes(nameOf(one)))
      if (next.length > 0) line.lead(next.map(({ running }) => running))
      // Those, too, that left it when files were read before.
      const behind = [...this.#leaving.values()].filter((one) => one.line === line)
      const gone = Promise.all(behind.map((one) => one.gone))
        .then(() => line.close())
        .finally(() => {
          this.#leavingLines.delete(line)
          this.#serve()
        })
      this.#leavingLines.set(line, gone)
    }
    this.#serve()
  }
}

const nameOf = ({ running }: Member): string => running.loaded.config.name

async function closeAll(made: readonly { close(): Promise<void> }[]): Promise<void> {
  await Promise.allSettled(made.map((one) => one.close()))
}

function compare(before: readonly Member[], after: readonly Member[]): Reload {
  const named = (members: readonly Member[]) =>
    new Map(members.map(({ running }) => [running.loaded.config.name, running]))
  const [old, now] = [named(before), named(after)]
  const names = [...now.keys()]
  return {
    added: names.filter((name) => !old.has(name)),
    changed: names.filter((name) => old.has(name) && old.get(name) !== now.get(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    unchanged: names.filter((name) => old.get(name) === now.get(name)),
  }
}
