import { Worker } from 'node:worker_threads'
import { type Clock, type Logger, type Metrics, ProviderError } from '@kav/core'
import { createDeferred, type Deferred } from '@kav/core/kit'
import type { PackedSound } from './sound-memory.ts'
import { readWorkerReply } from './read-reply.ts'
import type { JobMessage, TurnWorkerData, WorkerReply } from './turn-worker.ts'

/** The media thread's end of the worker: starts it when needed, restarts it when it dies. */
export interface WorkerLink {
  /** Resolves when the model is loaded. Rejects with a `ProviderError` as `judge` does. */
  warm(): Promise<void>
  /**
   * One probability a caller, whose sound must stay until then. Rejects with a `ProviderError`: the model cannot
   * be loaded (`bad-request`), the worker died (`network`), too much is waiting (`quota`).
   */
  judge(sound: PackedSound): Promise<Float32Array>
  close(): Promise<void>
}

export interface WorkerLinkOptions extends TurnWorkerData {
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock: Clock
  /** Another worker file, for tests of its faults. */
  readonly workerUrl?: URL
}

/** A model that cannot be loaded would otherwise be tried at every question; doubled at each death. */
const FIRST_RESTART_MS = 500
const LAST_RESTART_MS = 30_000
/** Some ten seconds of work: what waits behind it comes too late for any caller. */
const MAX_WAITING = 32
const WORKER_URL = new URL('../../dist/worker/turn-worker.js', import.meta.url)

interface Job {
  readonly questions: number
  readonly answer: Deferred<Float32Array>
}

interface Running {
  readonly worker: Worker
  readonly ready: Deferred<void>
}

export function createWorkerLink(options: WorkerLinkOptions): WorkerLink {
  const { log, metrics, clock } = options
  const jobs = new Map<number, Job>()
  let running: Running | undefined
  let isClosed = false
  let restartAtMs = -Infinity
  let restartMs = FIRST_RESTART_MS
  let lastFault: ProviderError | undefined
  let lastJob = 0

  function start(): Running | undefined {
    if (running !== undefined || isClosed || clock.nowMs() < restartAtMs) return running
    const ready = createDeferred<void>()
    ready.promise.catch(() => {}) // Whoever warms or judges is told.
    const started = {
      ready,
      worker: spawn(options, { questionsOf, onReply, onExit: (fault) => onExit(started, fault) }),
    }
    running = started
    return started
  }

  const questionsOf = (job: number) => jobs.get(job)?.questions

  function onReply(reply: WorkerReply): void {
    if (reply.type === 'ready') return running?.ready.resolve()
    if (reply.type !== 'done') return
    restartMs = FIRST_RESTART_MS
    jobs.get(reply.job)?.answer.resolve(reply.probabilities)
    jobs.delete(reply.job)
  }

  function onExit(ended: Running, fault: ProviderError): void {
    if (running !== ended) return
    running = undefined
    lastFault = fault
    restartAtMs = clock.nowMs() + restartMs
    metrics.count('turn_worker_deaths_total')
    log.error({ err: fault, restartMs }, 'turn worker died; a question after the pause starts it again')
    restartMs = Math.min(2 * restartMs, LAST_RESTART_MS)
    ended.ready.reject(fault)
    rejectAll(fault)
  }

  function rejectAll(fault: ProviderError): void {
    for (const { answer } of jobs.values()) answer.reject(fault)
    jobs.clear()
  }

  const closedFault = () => new ProviderError('cancelled', 'The turn detector is closed')
  const whyNone = () => (isClosed ? closedFault() : lastFault!)

  return {
    async warm() {
      const target = start()
      if (target === undefined) throw whyNone()
      await target.ready.promise
    },
    async judge(sound) {
      const target = start()
      if (target === undefined) throw whyNone()
      const questions = sound.lengths.length
      const waiting = [...jobs.values()].reduce((sum, job) => sum + job.questions, 0)
      if (waiting > 0 && waiting + questions > MAX_WAITING) {
        metrics.count('turn_questions_refused_total', questions)
        throw new ProviderError('quota', `The turn detector is ${waiting} questions behind`)
      }
      const job = ++lastJob
      const answer = createDeferred<Float32Array>()
      jobs.set(job, { questions, answer })
      target.worker.postMessage({ job, ...sound } satisfies JobMessage)
      return answer.promise
    },
    async close() {
      isClosed = true
      const ending = running
      running = undefined
      ending?.ready.reject(closedFault())
      rejectAll(closedFault())
      await ending?.worker.terminate()
    },
  }
}

function spawn(
  { path, threads, workerUrl, metrics }: WorkerLinkOptions,
  handlers: {
    questionsOf(job: number): number | undefined
    onReply(reply: WorkerReply): void
    onExit(fault: ProviderError): void
  },
): Worker {
  const workerData: TurnWorkerData = { path, threads }
  const worker = new Worker(workerUrl ?? WORKER_URL, { workerData, name: 'kav-turn' })
  let fault: ProviderError | undefined
  function endWith(why: ProviderError): void {
    fault = why
    void worker.terminate()
  }
  worker.on('message', (value: unknown) => {
    if (fault !== undefined) return
    const read = readWorkerReply(value, handlers.questionsOf)
    if (!read.ok) {
      // Nothing it says can be believed any more.
      metrics.count('turn_worker_odd_replies_total')
      const message = `@kav/plugin-smart-turn: the turn worker sent an odd message: ${read.why}`
      return endWith(new ProviderError('bad-data', message))
    }
    if (read.value.type !== 'unloadable') return handlers.onReply(read.value)
    endWith(new ProviderError('bad-request', `Smart Turn cannot load ${path}: ${read.value.why}`))
  })
  worker.on('error', (error) => (fault ??= deathError(error)))
  worker.on('exit', (code) => handlers.onExit(fault ?? deathError(new Error(`exit code ${code}`))))
  return worker
}

function deathError(cause: unknown): ProviderError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new ProviderError('network', `The turn worker died: ${reason}`, { cause })
}
