import { type Clock, type Logger, messageOf, type Metrics } from '@kav/core'
import { delay, withDeadline } from '@kav/core/kit'
import type { LevelChange } from '../process/log-levels.ts'
import type { WorkerFiles } from './messages.ts'
import { countSilence } from './worker-silence.ts'
import { startWorker, type Worker, type WorkerOptions } from './worker.ts'

export interface WorkerPoolParts extends Omit<WorkerOptions, 'env'> {
  readonly size: number
  /** As they were last taken: also by a worker that follows one that died. */
  readonly files: () => WorkerFiles
  /** Changes of the log's level that hold now. */
  readonly levels: () => readonly LevelChange[]
  readonly onSecond: () => void
  /** So long without a report, and a worker is ended. */
  readonly hangsAfterS: number
  /** A worker has ended though nobody wished it. Returns how many calls ended with it. */
  readonly onLost: (worker: Worker) => number
  /** Aborted, nobody waits for a start any more: none of its processes is left behind. */
  readonly givenUp?: AbortSignal | undefined
  /** Default: a process. */
  readonly startOne?: (options: WorkerOptions) => Worker
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

/** One that ends sooner than this after its start will do so again: the next waits a little longer each time. */
const SOUND_AFTER_MS = 10_000
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 30_000
/** Code that is read, models that are loaded: a busy machine takes a while, and one that hangs takes for ever. */
const OPEN_LIMIT_MS = 60_000
/** The channel of a process may end before it does. */
const EXIT_LIMIT_MS = 500

/** Keeps one worker in each slot: one that dies is followed by another at once. */
export class WorkerPool {
  readonly #parts: WorkerPoolParts
  readonly #workers = new Map<number, Worker>()
  /** When each began to take calls. */
  readonly #openedMs = new WeakMap<Worker, number>()
  /** How long the last follower in each slot was waited for. */
  readonly #waitsMs = new Map<number, number>()
  #spare: Worker | undefined
  #started = false
  /** They read their files, and take no call yet. */
  readonly #opening = new Set<Worker>()
  readonly #ending = new AbortController()
  readonly #exits = new Set<Promise<unknown>>()

  constructor(parts: WorkerPoolParts) {
    this.#parts = parts
    parts.givenUp?.addEventListener('abort', () => this.kill(), { once: true })
  }

  /** Workers that have opened their files, by slot. */
  get workers(): readonly Worker[] {
    return [...this.#workers.values()].filter(({ peer }) => !peer.isGone)
  }

  /** Resolves when all have opened the files; rejects with what the first of them says that could not. */
  async start(): Promise<void> {
    const slots = Array.from({ length: this.#parts.size }, (_, index) => index + 1)
    try {
      await Promise.all(slots.map((slot) => this.#open(slot)))
      this.#started = true
      this.#keepSpare()
      this.#eachSecond()
    } catch (error) {
      this.kill()
      throw error
    }
  }

  /** A worker that hangs answers nobody: it is ended, and another follows. */
  #eachSecond(): void {
    const { log, metrics, onSecond, hangsAfterS } = this.#parts
    const timer = setInterval(() => {
      onSecond()
      for (const worker of countSilence(this.workers, hangsAfterS)) {
        metrics.count('worker_hangs_total')
        log.error({ worker: worker.slot, seconds: worker.silentSeconds }, 'WORKER: hangs, and is ended')
        worker.kill()
      }
    }, 1000)
    // Also while they drain: one that hangs would be waited for.
    timer.unref()
  }

  /** From now on nobody follows one that ends. */
  end(): void {
    this.#ending.abort()
    this.#spare?.kill()
    for (const worker of this.#opening) worker.kill()
  }

  /** Resolves when no process is left. */
  async ended(): Promise<void> {
    await Promise.all(this.#exits)
  }

  kill(): void {
    this.end()
    for (const worker of this.#workers.values()) worker.kill()
  }

  async #open(slot: number): Promise<void> {
    const { clock, log, metrics, files, hangsAfterS } = this.#parts
    const startedMs = clock.nowMs()
    const worker = this.#spare ?? this.#fork()
    this.#spare = undefined
    worker.slot = slot
    worker.files = files()
    this.#opening.add(worker)
    this.#tellLevels(worker)
    try {
      // Of those that start together one looks for calls of processes that died; a follower has its forerunner's.
      const completesKilled = slot === 1 || this.#started
      const asked = worker.peer.ask('open', { slot, files: worker.files, completesKilled })
      const opened = asked.then(() => this.#readUpTo(worker))
      const limitMs = Math.max(OPEN_LIMIT_MS, hangsAfterS * 1000)
      await withDeadline(clock, limitMs, `worker ${slot} opens its files`, opened)
      if (this.#ending.signal.aborted) throw new Error('the service is being stopped')
    } catch (error) {
      const hasEnded = worker.peer.isGone
      worker.kill()
      throw hasEnded ? new Error(await this.#howItEnded(worker), { cause: error }) : error
    } finally {
      this.#opening.delete(worker)
    }
    this.#workers.set(slot, worker)
    // Those that came while it opened were told to its fellows alone.
    this.#tellLevels(worker)
    this.#openedMs.set(worker, clock.nowMs())
    this.#parts.onRoutes(worker)
    const openedMs = Math.round(clock.nowMs() - startedMs)
    metrics.observe('worker_start_ms', openedMs)
    log.info({ worker: slot, pid: worker.pid, opened_ms: openedMs }, 'WORKER: takes calls')
  }

  async #howItEnded({ slot, exited }: Worker): Promise<string> {
    const { clock, size } = this.#parts
    const ended = exited.then(({ code, signal }) => ` (${signal ?? `exit ${code}`})`)
    const how = await Promise.race([ended, delay(clock, EXIT_LIMIT_MS).then(() => '')])
    return `worker ${slot} ended while it opened its files${how}: see the lines before, and whether the machine has memory and threads for ${size} workers`
  }

  #tellLevels({ peer }: Worker): void {
    for (const change of this.#parts.levels()) peer.tell('level', change)
  }

  /**
   * Files that were read anew while workers opened them are theirs, too. One that cannot is ended: another follows. Of
   * those that drain each refuses, and none is ended with the calls that it has.
   */
  async catchUp(): Promise<void> {
    const refused = (worker: Worker): void => {
      if (!this.#ending.signal.aborted) worker.kill()
    }
    await Promise.all(this.workers.map((worker) => this.#readUpTo(worker).catch(() => refused(worker))))
  }

  async #readUpTo(worker: Worker): Promise<void> {
    const { files } = this.#parts
    while (worker.files !== files()) {
      const next = files()
      await worker.peer.ask('reload', next)
      worker.files = next
    }
  }

  #fork(): Worker {
    const { startOne = startWorker, files } = this.#parts
    const worker = startOne({ ...this.#parts, env: files().env })
    const exit = worker.exited.then((how) => this.#exited(worker, how))
    this.#exits.add(exit)
    void exit.finally(() => this.#exits.delete(exit))
    return worker
  }

  /**
   * A process that has read its code and waits: the next of a worker that dies need not do it then. Where there is no
   * memory for it, those that take calls go on without.
   */
  #keepSpare(): void {
    if (this.#spare !== undefined || this.#ending.signal.aborted) return
    try {
      this.#spare = this.#fork()
    } catch (error) {
      return this.#parts.log.warn({ error: messageOf(error) }, 'WORKER: there is no spare one')
    }
    // One that cannot read the files is found out when it is asked to open them.
    this.#spare.peer.ask('prepare', this.#parts.files()).catch(() => undefined)
  }

  #exited(worker: Worker, { code, signal }: Awaited<Worker['exited']>): void {
    const { slot, pid } = worker
    if (this.#spare === worker) this.#spare = undefined
    if (this.#workers.get(slot) !== worker) return
    this.#workers.delete(slot)
    this.#parts.onRoutes(worker)
    const { clock, log, metrics, onLost } = this.#parts
    const isEnding = this.#ending.signal.aborted
    if (isEnding && code === 0) return
    const lost = onLost(worker)
    if (isEnding && lost === 0) return
    metrics.count('worker_exits_total', 1, { reason: signal ?? `exit-${code}` })
    const how = { worker: slot, pid, code, exit_signal: signal }
    if (isEnding) return log.error(how, 'WORKER: ended with calls that were to be spoken to their end')
    log.error(how, 'WORKER: ended unasked, another follows')
    const livedMs = clock.nowMs() - (this.#openedMs.get(worker) ?? 0)
    const before = this.#waitsMs.get(slot) ?? FIRST_WAIT_MS / 2
    const waitMs = livedMs < SOUND_AFTER_MS ? Math.min(before * 2, LONGEST_WAIT_MS) : 0
    void this.#follow(slot, waitMs)
  }

  /** Never rejects. */
  async #follow(slot: number, waitMs: number): Promise<void> {
    const { clock, log, metrics } = this.#parts
    this.#waitsMs.set(slot, Math.max(waitMs, FIRST_WAIT_MS / 2))
    const { signal } = this.#ending
    if (waitMs > 0) await delay(clock, waitMs, signal).catch(() => undefined)
    if (signal.aborted) return
    try {
      await this.#open(slot)
      this.#keepSpare()
    } catch (error) {
      if (signal.aborted) return
      metrics.count('worker_starts_failed_total')
      log.error({ worker: slot, error: messageOf(error) }, 'WORKER: could not be started, once more')
      void this.#follow(slot, Math.min(Math.max(waitMs, FIRST_WAIT_MS / 2) * 2, LONGEST_WAIT_MS))
    }
  }
}
