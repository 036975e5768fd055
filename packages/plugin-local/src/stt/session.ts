import { ProviderError, type Logger, type Metrics, type SttEvent, type SttSession } from '@kav/core'
import { createDeferred, createGate, createPushQueue } from '@kav/core/kit'
import { oddReply } from '../odd-reply.ts'
import { createAudioCrossing } from './audio-crossing.ts'
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

/** Opens one recognition on a pooled worker. Rejects with a `ProviderError`. */
export function openPocketsphinxSession(options: PocketsphinxSessionOptions): Promise<SttSession> {
  const { pool, settings, signal } = options
  const events = createPushQueue<SttEvent>()
  const closed = createGate()
  const opened = createDeferred<SttSession>()
  let state: 'opening' | 'open' | 'finishing' | 'over' = 'opening'

  if (signal.aborted) return Promise.reject(cancelled())
  const line: RecogniserLine = pool.connect({ onReply, onDeath: die })
  const crossing = createAudioCrossing({
    ...options,
    post: (bytes, skippedBytes) =>
      line.post({ type: 'audio', session: line.session, bytes, skippedBytes }, [bytes.buffer]),
  })
  const session: SttSession = {
    events: events.items,
    write(audio) {
      if (state === 'open') crossing.write(audio)
    },
    finish() {
      if (state !== 'open') return
      crossing.flush()
      state = 'finishing'
      line.post({ type: 'finish', session: line.session })
    },
    close,
  }
  signal.addEventListener('abort', onAbort, { once: true })
  line.post({ type: 'open', session: line.session, settings })
  return opened.promise

  function onReply(reply: RecogniserReply): void {
    if (reply.type === 'taken') crossing.taken(reply.bytes)
    if (reply.type === 'event') events.push(reply.event)
    if (reply.type === 'failed') return die(new ProviderError(reply.errorClass, reply.message))
    if (reply.type === 'opened') {
      if (state !== 'opening') return
      state = 'open'
      opened.resolve(session)
    }
    // Nobody asked for that, and somebody waits for words.
    if (reply.type === 'closed' && state !== 'over') return die(oddReply('recogniser', 'closed, unasked'))
    if (reply.type === 'ended' && state === 'opening')
      return die(oddReply('recogniser', 'ended before it opened'))
    if (reply.type === 'ended' || reply.type === 'closed') leave()
    if (reply.type === 'ended') events.end()
    report(reply, options)
  }

  function close(): Promise<void> {
    if (state !== 'over') {
      state = 'over'
      signal.removeEventListener('abort', onAbort)
      line.post({ type: 'close', session: line.session })
    }
    events.discard()
    return closed.open
  }

  function onAbort(): void {
    const error = cancelled()
    opened.reject(error)
    events.fail(error)
    void close()
  }

  function die(error: ProviderError): void {
    opened.reject(error)
    events.fail(error)
    leave()
  }

  function leave(): void {
    state = 'over'
    signal.removeEventListener('abort', onAbort)
    line.hangUp()
    closed.release()
  }
}

const MAX_LOGGED_WORDS = 100

/** What of a reply people can see. */
function report(reply: RecogniserReply, { callId, log, metrics }: PocketsphinxSessionOptions): void {
  if (reply.type === 'taken') metrics.observe('stt_worker_busy_ms', reply.busyMs)
  if (reply.type === 'rejected') {
    metrics.count('stt_rejected_utterances_total')
    log.info(
      {
        call: callId,
        ...(reply.margin !== undefined && { margin: Math.round(reply.margin * 10) / 10 }),
        speechMs: reply.speechMs,
      },
      'STT heard an utterance outside its phrases',
    )
  }
  if (reply.type !== 'opened') return
  const { unknownWords, derivedWords, vocabulary } = reply
  log.debug({ call: callId, vocabulary }, 'STT language model compiled')
  if (unknownWords.length > 0) {
    metrics.count('stt_unknown_words_total', unknownWords.length)
    log.warn(
      { call: callId, words: unknownWords.slice(0, MAX_LOGGED_WORDS) },
      'STT cannot pronounce these words; phrases with them are not heard',
    )
  }
  if (derivedWords.length > 0) {
    log.info(
      { call: callId, words: derivedWords.slice(0, MAX_LOGGED_WORDS) },
      'STT derived the sound of these words from their spelling',
    )
  }
}

function cancelled(): ProviderError {
  return new ProviderError('cancelled', 'The PocketSphinx session is no longer wanted')
}
