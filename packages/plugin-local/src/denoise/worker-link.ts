import { Worker } from 'node:worker_threads'
import { createDeferred } from '@kav/core/kit'
import { type DenoiseSession, type Logger, type Metrics, ProviderError } from '@kav/core'
import { oddReply } from '../odd-reply.ts'
import type { WorkerMessage } from './denoise-worker.ts'
import { readWorkerReply } from './read-reply.ts'

/** The media thread's end of one worker, from its start to its death. */
export interface WorkerLink {
  readonly sessions: number
  /** Resolves when a piece would be worked on at once; rejects with why it died before that. */
  readonly ready: Promise<void>
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

interface Piece {
  readonly session: number
  readonly samples: Int16Array
  resolve(): void
  reject(error: ProviderError): void
}

const WORKER_URL = new URL('../../dist/denoise/denoise-worker.js', import.meta.url)

/** Starts a worker. What calls give while it is at work goes to it together. */
export function openWorkerLink(options: WorkerLinkOptions): WorkerLink {
  const { log, metrics } = options
  const worker = new Worker(options.workerUrl ?? WORKER_URL, { name: 'kav-denoise' })
  const ready = createDeferred<void>()
  ready.promise.catch(() => undefined)
  const open = new Set<number>()
  let opened = 0
  let batches = 0
  let waiting: Piece[] = []
  let underWay: { readonly batch: number; readonly samples: number; readonly pieces: Piece[] } | undefined
  let isAsking = false
  let fault: unknown
  let end: ProviderError | undefined

  const post = (message: WorkerMessage, transfer: ArrayBuffer[] = []): void => {
    if (end === undefined) worker.postMessage(message, transfer)
  }

  /** The pieces of all calls that are due in this turn of the event loop are one batch. */
  function askSoon(): void {
    if (isAsking || underWay) return
    isAsking = true
    queueMicrotask(ask)
  }

  function ask(): void {
    isAsking = false
    if (underWay || waiting.length === 0 || end) return
    const pieces = waiting
    waiting = []
    const lengths = pieces.map((piece) => piece.samples.length)
    const samples = new Int16Array(lengths.reduce((sum, length) => sum + length, 0))
    let at = 0
    for (const piece of pieces) {
      samples.set(piece.samples, at)
      at += piece.samples.length
    }
    underWay = { batch: ++batches, samples: samples.length, pieces }
    const sessions = pieces.map((piece) => piece.session)
    post({ type: 'clean', batch: batches, sessions, lengths, samples }, [samples.buffer])
  }

  function answer(samples: Int16Array): void {
    const { pieces } = underWay!
    underWay = undefined
    let at = 0
    for (const piece of pieces) {
      piece.samples.set(samples.subarray(at, at + piece.samples.length))
      at += piece.samples.length
      piece.resolve()
    }
    ask()
  }

  function finish(error: ProviderError): void {
    if (end) return
    end = error
    ready.reject(error)
    for (const piece of [...(underWay?.pieces ?? []), ...waiting]) piece.reject(error)
    underWay = undefined
    waiting = []
  }

  worker.on('message', (value: unknown) => {
    if (fault !== undefined || end) return
    const read = readWorkerReply(value, underWay)
    if (read.ok) return read.value.type === 'ready' ? ready.resolve() : answer(read.value.samples)
    // It ends as one that died: nothing it says can be believed any more.
    fault = oddReply('denoise', read.why)
    metrics.count('denoise_worker_odd_replies_total')
    void worker.terminate()
  })
  worker.on('error', (error) => (fault = error))
  worker.on('exit', (code) => {
    if (end) return
    const died = fault ?? new Error(`exit code ${code}`)
    metrics.count('denoise_worker_deaths_total')
    log.error({ err: died }, 'Denoise worker died; a new caller starts another')
    finish(deathError(died))
    options.onDeath(link)
  })

  const link: WorkerLink = {
    get sessions() {
      return open.size
    },
    ready: ready.promise,
    openSession(sampleRateHz) {
      const session = ++opened
      open.add(session)
      post({ type: 'open', session, sampleRateHz })
      return {
        clean(samples) {
          if (end) return Promise.reject(end)
          if (!open.has(session)) return Promise.reject(new ProviderError('cancelled', CLOSED))
          return new Promise<void>((resolve, reject) => {
            waiting.push({ session, samples, resolve, reject })
            askSoon()
          })
        },
        close() {
          if (open.delete(session)) post({ type: 'close', session })
        },
      }
    },
    async close() {
      finish(new ProviderError('cancelled', 'The noise filter was closed'))
      await worker.terminate()
    },
  }
  return link
}

const CLOSED = 'The session of the noise filter is closed'

function deathError(fault: unknown): ProviderError {
  if (fault instanceof ProviderError) return fault
  const reason = fault instanceof Error ? fault.message : String(fault)
  return new ProviderError('network', `The denoise worker died: ${reason}`, { cause: fault })
}
