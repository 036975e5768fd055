import { Worker } from 'node:worker_threads'
import { ProviderError, type Clock, type Logger, type Metrics } from '@kav/core'
import { hearWorker, type WorkerEars } from '../hear-worker.ts'
import type { BatchMemory } from './batch-memory.ts'
import { readWorkerReply } from './read-reply.ts'
import type { SileroSampleRateHz, SileroWeights } from './silero-weights.ts'
import type { BatchMessage, VadWorkerData, WorkerReply } from './vad-worker.ts'

/** The media thread's end of the worker: starts it when needed, restarts it when it dies. */
export interface WorkerLink {
  /** True when a batch would run at once, without waiting for the worker to start. */
  readonly isReady: boolean
  /** Starts the worker unless it runs or died a moment ago. Never throws. */
  start(): void
  /** Runs one batch. Rejects with a `ProviderError` when the worker dies or cannot be started. One at a time. */
  run(memory: BatchMemory, count: number): Promise<void>
  close(): Promise<void>
}

export interface WorkerLinkOptions {
  readonly sampleRateHz: SileroSampleRateHz
  /** Called after every start with the weights the worker has read; without it they stay there. */
  readonly onWeights?: (weights: SileroWeights) => void
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock: Clock
  /** Another worker file, for tests of its faults. */
  readonly workerUrl?: URL
}

/** A worker that dies on its first batch would otherwise be started thirty times a second; doubled at each death. */
const FIRST_RESTART_MS = 500
const LAST_RESTART_MS = 30_000
const WORKER_URL = new URL('../../dist/vad/vad-worker.js', import.meta.url)

export function createWorkerLink(options: WorkerLinkOptions): WorkerLink {
  const { log, metrics, clock } = options
  let worker: Worker | undefined
  let isReady = false
  let isClosed = false
  let restartAtMs = -Infinity
  let restartMs = FIRST_RESTART_MS
  let lastFault: unknown
  let known: BatchMemory | undefined
  let batches = 0
  let pending: { batch: number; resolve(): void; reject(error: ProviderError): void } | undefined

  function start(): void {
    if (worker !== undefined || isClosed || clock.nowMs() < restartAtMs) return
    try {
      worker = spawnOne()
    } catch (fault) {
      onDeath(fault)
    }
  }

  function spawnOne(): Worker {
    const started = spawn(options, {
      isOver: () => worker !== started,
      read: (value) => readWorkerReply(value, { ...options, batch: pending?.batch }),
      onReply(reply) {
        if (reply.type === 'done') {
          restartMs = FIRST_RESTART_MS
          return settle()
        }
        isReady = true
        if (reply.weights !== undefined) options.onWeights?.(reply.weights)
      },
      onExit(fault) {
        if (worker === started) onDeath(fault)
      },
    })
    return started
  }

  function onDeath(fault: unknown): void {
    worker = undefined
    known = undefined
    isReady = false
    metrics.count('vad_worker_deaths_total')
    log.error({ err: fault, restartMs }, 'VAD worker died; a batch after the pause starts it again')
    restartAtMs = clock.nowMs() + restartMs
    restartMs = Math.min(2 * restartMs, LAST_RESTART_MS)
    lastFault = fault
    settle(deathError(lastFault))
  }

  function settle(error?: ProviderError): void {
    const waiting = pending
    pending = undefined
    if (error === undefined) waiting?.resolve()
    else waiting?.reject(error)
  }

  return {
    get isReady() {
      return isReady
    },
    start,
    run(memory, count) {
      start()
      const target = worker
      if (target === undefined) return Promise.reject(deathError(lastFault))
      return new Promise((resolve, reject) => {
        const batch = ++batches
        pending = { batch, resolve, reject }
        target.postMessage(batchMessage(batch, count, memory === known ? undefined : memory))
        known = memory
      })
    },
    async close() {
      isClosed = true
      isReady = false
      const ending = worker
      worker = undefined
      settle(new ProviderError('cancelled', 'The VAD was closed during a batch'))
      await ending?.terminate()
    },
  }
}

/** @param memory the worker has it from the first batch in it on */
function batchMessage(batch: number, count: number, memory: BatchMemory | undefined): BatchMessage {
  if (memory === undefined) return { batch, count }
  return { batch, count, memory: { buffer: memory.buffer, capacity: memory.capacity } }
}

/** Throws where the system has no thread left. */
function spawn(
  options: WorkerLinkOptions,
  ears: Pick<WorkerEars<WorkerReply>, 'isOver' | 'read' | 'onReply' | 'onExit'>,
): Worker {
  const data: VadWorkerData = {
    sampleRateHz: options.sampleRateHz,
    sendsWeights: options.onWeights !== undefined,
  }
  const worker = new Worker(options.workerUrl ?? WORKER_URL, { workerData: data, name: 'kav-vad' })
  const { metrics } = options
  hearWorker(worker, { kind: 'vad', metrics, counter: 'vad_worker_odd_replies_total', ...ears })
  return worker
}

function deathError(fault: unknown): ProviderError {
  const reason = fault instanceof Error ? fault.message : String(fault)
  return new ProviderError('network', `The VAD worker died: ${reason}`, { cause: fault })
}
