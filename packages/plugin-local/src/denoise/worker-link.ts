import { Worker } from 'node:worker_threads'
import { createDeferred } from '@kav/core/kit'
import { type DenoiseSession, isProviderError, type Logger, type Metrics, ProviderError } from '@kav/core'
import { hearWorker } from '../hear-worker.ts'
import type { WorkerMessage } from './denoise-worker.ts'
import { createPieceBatches } from './piece-batches.ts'
import { readWorkerReply } from './read-reply.ts'

/** The media thread's end of one worker, from its start to its death. */
export interface WorkerLink {
  readonly sessions: number
  /** Resolves when a piece would be worked on at once; rejects with why it died before that. */
  readonly ready: Promise<void>
  readonly isReady: boolean
  openSession(sampleRateHz: number): DenoiseSession
  close(): Promise<void>
}

export interface WorkerLinkOptions {
  readonly log: Logger
  readonly metrics: Metrics
  /** Another worker file, for tests of its faults. */
  readonly workerUrl?: URL
  readonly onDeath: (link: WorkerLink) => void
}

const WORKER_URL = new URL('../../dist/denoise/denoise-worker.js', import.meta.url)

/** Starts a worker. */
export function openWorkerLink(options: WorkerLinkOptions): WorkerLink {
  const worker = new Worker(options.workerUrl ?? WORKER_URL, { name: 'kav-denoise' })
  const ready = createDeferred<void>()
  ready.promise.catch(() => undefined)
  const open = new Set<number>()
  let opened = 0
  let isReady = false
  let end: ProviderError | undefined

  const post = (message: WorkerMessage, transfer: ArrayBuffer[] = []): void => {
    if (end === undefined) worker.postMessage(message, transfer)
  }
  const batches = createPieceBatches((request) =>
    post({ type: 'clean', ...request }, [request.samples.buffer]),
  )

  function finish(error: ProviderError): void {
    if (end) return
    end = error
    ready.reject(error)
    batches.fail(error)
  }

  function sessionOf(session: number): DenoiseSession {
    return {
      clean(samples) {
        if (end) return Promise.reject(end)
        if (!open.has(session)) return Promise.reject(new ProviderError('cancelled', CLOSED))
        return new Promise<void>((resolve, reject) => batches.add({ session, samples, resolve, reject }))
      },
      close() {
        if (open.delete(session)) post({ type: 'close', session })
      },
    }
  }

  const link: WorkerLink = {
    get sessions() {
      return open.size
    },
    ready: ready.promise,
    get isReady() {
      return isReady
    },
    openSession(sampleRateHz) {
      const session = ++opened
      open.add(session)
      post({ type: 'open', session, sampleRateHz })
      return sessionOf(session)
    },
    async close() {
      finish(new ProviderError('cancelled', 'The noise filter was closed'))
      await worker.terminate()
    },
  }
  hearWorker(worker, {
    kind: 'denoise',
    metrics: options.metrics,
    counter: 'denoise_worker_odd_replies_total',
    isOver: () => end !== undefined,
    read: (value) => readWorkerReply(value, batches.asked),
    onReply(reply) {
      if (reply.type === 'clean') return batches.answer(reply.samples)
      isReady = true
      ready.resolve()
    },
    onExit(fault) {
      if (end) return
      options.metrics.count('denoise_worker_deaths_total')
      options.log.error({ err: fault }, 'Denoise worker died; a new caller starts another')
      finish(deathError(fault))
      options.onDeath(link)
    },
  })
  return link
}

const CLOSED = 'The session of the noise filter is closed'

function deathError(fault: unknown): ProviderError {
  if (isProviderError(fault)) return fault
  const reason = fault instanceof Error ? fault.message : String(fault)
  return new ProviderError('network', `The denoise worker died: ${reason}`, { cause: fault })
}
