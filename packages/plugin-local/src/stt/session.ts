import {
  MULAW_8K,
  bytesPerSecond,
  ProviderError,
  type Logger,
  type Metrics,
  type SttEvent,
  type SttSession,
} from '@kav/core'
import { createEventChannel } from './event-channel.ts'
import type { RecogniserLine, RecogniserPool } from './recogniser-pool.ts'
import type { RecogniserReply, RecognitionSettings } from './worker-messages.ts'

export interface PocketsphinxSessionOptions {
  readonly callId: string
  readonly pool: RecogniserPool
  readonly settings: RecognitionSettings
  readonly signal: AbortSignal
  /** Audio the worker may be behind before more is dropped. */
  readonly maxBacklogMs: number
  readonly log: Logger
  readonly metrics: Metrics
}

/** Audio crosses to the worker in pieces of 100 ms: ten messages a second and call. */
const CROSSING_BYTES = bytesPerSecond(MULAW_8K) / 10

/** Opens one recognition on a pooled worker. Rejects with a `ProviderError`. */
export function openPocketsphinxSession(options: PocketsphinxSessionOptions): Promise<SttSession> {
  const { callId, pool, settings, signal, log, metrics } = options
  const maxBacklogBytes = (bytesPerSecond(MULAW_8K) * options.maxBacklogMs) / 1000
  const channel = createEventChannel<SttEvent>()
  const closed = createDeferred<void>()
  const opened = createDeferred<SttSession>()
  let state: 'opening' | 'open' | 'finishing' | 'over' = 'opening'
  let crossing = new Uint8Array(CROSSING_BYTES)
  let filled = 0
  let backlogBytes = 0
  let skippedBytes = 0
  let isDropping = false

  if (signal.aborted) return Promise.reject(cancelled())
  const line: RecogniserLine = pool.connect({ onReply, onDeath: (error) => die(error) })
  signal.addEventListener('abort', onAbort, { once: true })
  line.post({ type: 'open', session: line.session, settings })
  return opened.promise

  function onReply(reply: RecogniserReply): void {
    switch (reply.type) {
      case 'opened':
        onOpened(reply)
        break
      case 'taken':
        backlogBytes -= reply.bytes
        metrics.observe('stt_worker_busy_ms', reply.busyMs)
        break
      case 'event':
        channel.push(reply.event)
        break
      case 'rejected':
        metrics.count('stt_rejected_utterances_total')
        log.info(
          { callId, margin: Math.round(reply.margin * 10) / 10, speechMs: reply.speechMs },
          'STT heard an utterance outside its phrases',
        )
        break
      case 'ended':
        leave()
        channel.end()
        break
      case 'failed':
        die(new ProviderError(reply.errorClass, reply.message))
        break
      case 'closed':
        leave()
        break
    }
  }

  function onOpened({ unknownWords, derivedWords, vocabulary }: RecogniserReply & { type: 'opened' }): void {
    if (state !== 'opening') return
    state = 'open'
    log.debug({ callId, vocabulary }, 'STT language model compiled')
    if (unknownWords.length > 0) {
      metrics.count('stt_unknown_words_total', unknownWords.length)
      log.warn(
        { callId, words: unknownWords },
        'STT cannot pronounce these words; phrases with them are not heard',
      )
    }
    if (derivedWords.length > 0) {
      log.info({ callId, words: derivedWords }, 'STT derived the sound of these words from their spelling')
    }
    opened.resolve({ write, finish, events: channel.values, close })
  }

  function write(audio: Uint8Array): void {
    if (state !== 'open') return
    for (let at = 0; at < audio.length;) {
      const taken = Math.min(CROSSING_BYTES - filled, audio.length - at)
      crossing.set(audio.subarray(at, at + taken), filled)
      filled += taken
      at += taken
      if (filled === CROSSING_BYTES) cross()
    }
  }

  function cross(): void {
    if (filled === 0) return
    if (backlogBytes + filled > maxBacklogBytes) {
      drop()
      return
    }
    isDropping = false
    const bytes = crossing.subarray(0, filled)
    backlogBytes += filled
    line.post({ type: 'audio', session: line.session, bytes, skippedBytes }, [crossing.buffer])
    crossing = new Uint8Array(CROSSING_BYTES)
    filled = 0
    skippedBytes = 0
  }

  function drop(): void {
    metrics.count('stt_worker_lag_dropped_bytes_total', filled)
    if (!isDropping) log.warn({ callId, backlogBytes }, 'STT worker lags; audio is dropped')
    isDropping = true
    skippedBytes += filled
    filled = 0
  }

  function finish(): void {
    if (state !== 'open') return
    cross()
    state = 'finishing'
    line.post({ type: 'finish', session: line.session })
  }

  function close(): Promise<void> {
    if (state !== 'over') {
      state = 'over'
      signal.removeEventListener('abort', onAbort)
      line.post({ type: 'close', session: line.session })
    }
    channel.abandon()
    return closed.promise
  }

  function onAbort(): void {
    const error = cancelled()
    opened.reject(error)
    channel.end(error)
    void close()
  }

  function die(error: ProviderError): void {
    opened.reject(error)
    channel.end(error)
    leave()
  }

  function leave(): void {
    state = 'over'
    signal.removeEventListener('abort', onAbort)
    line.hangUp()
    closed.resolve()
  }
}

function cancelled(): ProviderError {
  return new ProviderError('cancelled', 'The PocketSphinx session is no longer wanted')
}

interface Deferred<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(error: Error): void
}

function createDeferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void
  let reject!: (error: Error) => void
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}
