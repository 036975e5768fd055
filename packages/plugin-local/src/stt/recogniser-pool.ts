import { Worker } from 'node:worker_threads'
import { ProviderError, type Logger, type Metrics } from '@kav/core'
import type { PocketsphinxInstallation } from './find-installation.ts'
import { oddReply } from '../odd-reply.ts'
import { readRecogniserReply, sessionOf } from './read-reply.ts'
import type { RecogniserReply, RecogniserRequest, RecogniserWorkerData } from './worker-messages.ts'

/** A session's line to its worker. */
export interface RecogniserLine {
  /** The session's number in messages. */
  readonly session: number
  post(request: RecogniserRequest, transfer?: readonly ArrayBuffer[]): void
  /** No more replies are wanted. */
  hangUp(): void
}

/** Replies of one session; `onDeath` comes at most once and is the last. */
export interface RecogniserListener {
  onReply(reply: RecogniserReply): void
  onDeath(error: ProviderError): void
}

/** The workers all calls share. Threads start with the first sessions that need them. */
export interface RecogniserPool {
  connect(listener: RecogniserListener): RecogniserLine
  /** Frees all native memory and ends the threads. */
  close(): Promise<void>
}

export interface RecogniserPoolOptions {
  readonly maxWorkers: number
  readonly installation: PocketsphinxInstallation
  readonly log: Logger
  readonly metrics: Metrics
  /** Another worker file, for tests of its faults. */
  readonly workerUrl?: URL | undefined
}

interface PooledWorker {
  readonly thread: Worker
  readonly listeners: Map<number, RecogniserListener>
  readonly exited: Promise<void>
}

/** Calls that share a thread before the next one is started. About ten talk at once on one core. */
const SESSIONS_BEFORE_NEXT_WORKER = 4
const SHUTDOWN_MS = 2000
const WORKER_URL = new URL('../../dist/stt/recogniser-worker.js', import.meta.url)

export function createRecogniserPool(options: RecogniserPoolOptions): RecogniserPool {
  const { log, metrics } = options
  const workers = new Set<PooledWorker>()
  let lastSession = 0
  let isClosed = false

  function start(): PooledWorker {
    const data: RecogniserWorkerData = { installation: options.installation }
    const thread = new Worker(options.workerUrl ?? WORKER_URL, { workerData: data, name: 'kav-stt' })
    const listeners = new Map<number, RecogniserListener>()
    let fault: unknown
    const post = (request: RecogniserRequest): void => thread.postMessage(request)
    thread.on('message', createReplyReader(listeners, post, options))
    thread.on('error', (error) => (fault = error))
    const exited = new Promise<void>((resolve) => {
      thread.on('exit', (code) => {
        workers.delete(worker)
        if (!isClosed) tellDeath(worker, fault ?? new Error(`exit code ${code}`))
        resolve()
      })
    })
    const worker: PooledWorker = { thread, listeners, exited }
    workers.add(worker)
    return worker
  }

  function tellDeath(worker: PooledWorker, fault: unknown): void {
    metrics.count('stt_worker_deaths_total')
    log.error(
      { err: fault, sessions: worker.listeners.size },
      'STT worker died; the next session starts another',
    )
    const reason = fault instanceof Error ? fault.message : String(fault)
    const error = new ProviderError('network', `The PocketSphinx worker died: ${reason}`, { cause: fault })
    for (const listener of [...worker.listeners.values()]) listener.onDeath(error)
    worker.listeners.clear()
  }

  function leastBusy(): PooledWorker {
    const [first] = [...workers].sort((a, b) => a.listeners.size - b.listeners.size)
    if (first === undefined) return start()
    const isFull = first.listeners.size >= SESSIONS_BEFORE_NEXT_WORKER
    return isFull && workers.size < options.maxWorkers ? start() : first
  }

  return {
    connect(listener) {
      if (isClosed) throw new ProviderError('cancelled', 'The PocketSphinx recogniser is closed')
      const worker = leastBusy()
      const session = ++lastSession
      worker.listeners.set(session, listener)
      return {
        session,
        post: (request, transfer = []) => worker.thread.postMessage(request, transfer),
        hangUp: () => void worker.listeners.delete(session),
      }
    },
    async close() {
      isClosed = true
      await Promise.all(
        [...workers].map(async ({ thread, listeners, exited }) => {
          for (const listener of [...listeners.values()]) {
            listener.onDeath(new ProviderError('cancelled', 'The PocketSphinx recogniser was closed'))
          }
          listeners.clear()
          thread.postMessage({ type: 'shutdown' } satisfies RecogniserRequest)
          // Native code cannot be interrupted: after a while the thread is ended with what it still holds.
          const deadline = setTimeout(() => void thread.terminate(), SHUTDOWN_MS)
          await exited
          clearTimeout(deadline)
        }),
      )
    },
  }
}

/** Gives each message of a worker to the session it is of; one that is odd ends that session at most. */
function createReplyReader(
  listeners: ReadonlyMap<number, RecogniserListener>,
  post: (request: RecogniserRequest) => void,
  { log, metrics }: RecogniserPoolOptions,
): (value: unknown) => void {
  let told = false
  return (value) => {
    const read = readRecogniserReply(value)
    if (read.ok) return listeners.get(read.value.session)?.onReply(read.value)
    metrics.count('stt_worker_odd_replies_total')
    const error = oddReply('recogniser', read.why)
    // One that is out of order may send them without end.
    if (!told) log.error({ err: error }, 'STT worker sent an odd message; the session it is of ends')
    told = true
    const session = sessionOf(value) ?? 0
    if (!listeners.has(session)) return
    listeners.get(session)?.onDeath(error)
    post({ type: 'close', session })
  }
}
