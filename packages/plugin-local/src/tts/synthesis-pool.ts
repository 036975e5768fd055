import { Worker } from 'node:worker_threads'
import { ProviderError, type Logger, type Metrics } from '@kav/core'
import { createDeferred } from '@kav/core/kit'
import { oddReply } from '../odd-reply.ts'
import { readSpeakReply } from './read-reply.ts'
import type { SpeakRequest } from './worker-messages.ts'

/** Threads that speak, shared by all calls. Each works on one clause at a time; the rest wait in order. */
export interface SynthesisPool {
  /** All audio of one clause. Rejects with a `ProviderError`, `cancelled` once `signal` aborts. */
  synthesise(work: Omit<SpeakRequest, 'job'>, signal: AbortSignal): Promise<Uint8Array>
  /** Starts the first thread ahead of the first clause. */
  warm(): void
  close(): Promise<void>
}

export interface SynthesisPoolOptions {
  readonly maxWorkers: number
  /** Clauses that may wait; more are refused. */
  readonly maxWaiting: number
  readonly log: Logger
  readonly metrics: Metrics
  /** Another worker file, for tests of its faults. */
  readonly workerUrl?: URL | undefined
}

interface Job {
  readonly request: SpeakRequest
  /** A worker that had it sent an odd message, so that another has it now. */
  moved: boolean
  resolve(audio: Uint8Array): void
  reject(error: ProviderError): void
}

const WORKER_URL = new URL('../../dist/tts/flite-worker.js', import.meta.url)

export function createSynthesisPool(options: SynthesisPoolOptions): SynthesisPool {
  const { log, metrics } = options
  const running = new Map<Worker, Job | undefined>()
  const waiting: Job[] = []
  let lastJob = 0
  let isClosed = false

  function start(): Worker | undefined {
    const worker = spawnIfAny(options, { onReply, onExit })
    if (worker !== undefined) running.set(worker, undefined)
    return worker
  }

  function onReply(worker: Worker, value: unknown): void {
    if (!running.has(worker)) return
    const job = running.get(worker)
    const read = readSpeakReply(value, job?.request.job)
    if (!read.ok) {
      running.delete(worker)
      replaceOdd(worker, oddReply('flite', read.why), { job, waiting, ...options })
      return assign()
    }
    const reply = read.value
    running.set(worker, undefined)
    if ('fault' in reply) {
      job?.reject(new ProviderError('bad-data', `flite could not speak the clause: ${reply.fault}`))
    } else {
      metrics.observe('tts_synthesis_ms', reply.busyMs)
      job?.resolve(reply.audio)
    }
    assign()
  }

  function onExit(worker: Worker, fault: unknown): void {
    if (isClosed || !running.has(worker)) return
    const job = running.get(worker)
    running.delete(worker)
    metrics.count('tts_worker_deaths_total')
    log.error({ err: fault, waiting: waiting.length }, 'TTS worker died; the next clause starts another')
    const error = deathError(fault)
    job?.reject(error)
    // A worker that cannot even start would be started for ever: what waits fails with it.
    if (job === undefined) refuseAll(waiting, error)
    assign()
  }

  function assign(): void {
    while (waiting.length > 0) {
      const worker = idleWorker()
      if (worker === undefined) return running.size > 0 ? undefined : refuseAll(waiting, noThread())
      const job = waiting.shift()
      if (job === undefined) return
      running.set(worker, job)
      worker.postMessage(job.request)
    }
  }

  function idleWorker(): Worker | undefined {
    for (const [worker, job] of running) if (job === undefined) return worker
    return running.size < options.maxWorkers ? start() : undefined
  }

  return {
    synthesise(work, signal) {
      if (isClosed) return Promise.reject(new ProviderError('cancelled', 'The flite synthesiser is closed'))
      if (signal.aborted) return Promise.reject(cancelled())
      if (waiting.length >= options.maxWaiting) return Promise.reject(queueFull(waiting.length, metrics))
      const { job, audio } = createJob({ ...work, job: ++lastJob }, signal, () => {
        const place = waiting.indexOf(job)
        // One that is being spoken is let finish: a worker takes longer to start than a clause to end.
        if (place >= 0) waiting.splice(place, 1)
      })
      waiting.push(job)
      assign()
      return audio
    },
    warm() {
      if (!isClosed && running.size === 0) start()
    },
    async close() {
      isClosed = true
      const closed = new ProviderError('cancelled', 'The flite synthesiser was closed')
      refuseAll(waiting, closed)
      for (const job of running.values()) job?.reject(closed)
      await Promise.all([...running.keys()].map((worker) => worker.terminate()))
    },
  }
}

/**
 * Nothing that such a worker says can be believed any more, and the message may have been about the clause before:
 * another worker has the clause, and where that is no better it fails.
 */
function replaceOdd(
  worker: Worker,
  fault: ProviderError,
  of: { job: Job | undefined; waiting: Job[] } & Pick<SynthesisPoolOptions, 'log' | 'metrics'>,
): void {
  const { job, waiting } = of
  void worker.terminate()
  of.metrics.count('tts_worker_odd_replies_total')
  of.log.error({ err: fault }, 'TTS worker sent an odd message; the next clause starts another')
  if (!job) return
  if (job.moved) return job.reject(fault)
  job.moved = true
  waiting.unshift(job)
}

function refuseAll(waiting: Job[], error: ProviderError): void {
  for (const job of waiting.splice(0)) job.reject(error)
}

function queueFull(waiting: number, metrics: Metrics): ProviderError {
  metrics.count('tts_queue_full_total')
  const message = `flite has ${waiting} clauses waiting: more calls than its workers can speak for`
  return new ProviderError('quota', message)
}

/** `undefined`: the system has no thread left. */
function spawnIfAny(...given: Parameters<typeof spawn>): Worker | undefined {
  try {
    return spawn(...given)
  } catch (fault) {
    const [{ log, metrics }] = given
    metrics.count('tts_worker_deaths_total')
    log.error({ err: fault }, 'TTS worker cannot be started; the next clause tries it again')
    return undefined
  }
}

const noThread = (): ProviderError => deathError('no thread is left for it')

function spawn(
  options: SynthesisPoolOptions,
  handlers: {
    onReply(worker: Worker, value: unknown): void
    onExit(worker: Worker, fault: unknown): void
  },
): Worker {
  const worker = new Worker(options.workerUrl ?? WORKER_URL, { name: 'kav-tts' })
  let fault: unknown
  worker.on('message', (value: unknown) => handlers.onReply(worker, value))
  worker.on('error', (error) => (fault = error))
  worker.on('exit', (code) => handlers.onExit(worker, fault ?? new Error(`exit code ${code}`)))
  return worker
}

/** A clause to be spoken. When `signal` aborts, `onAbort` is called and the audio rejects with `cancelled`. */
function createJob(
  request: SpeakRequest,
  signal: AbortSignal,
  onAbort: () => void,
): { readonly job: Job; readonly audio: Promise<Uint8Array> } {
  const audio = createDeferred<Uint8Array>()
  const stop = (): void => signal.removeEventListener('abort', aborted)
  const job: Job = {
    request,
    moved: false,
    resolve(spoken) {
      stop()
      audio.resolve(spoken)
    },
    reject(error) {
      stop()
      audio.reject(error)
    },
  }
  function aborted(): void {
    onAbort()
    job.reject(cancelled())
  }
  signal.addEventListener('abort', aborted, { once: true })
  return { job, audio: audio.promise }
}

function deathError(fault: unknown): ProviderError {
  const reason = fault instanceof Error ? fault.message : String(fault)
  return new ProviderError('network', `The flite worker died: ${reason}`, { cause: fault })
}

function cancelled(): ProviderError {
  return new ProviderError('cancelled', 'The clause is no longer wanted')
}
