import { ProviderError, type PluginContext, type SttEvent, type SttSession } from '@kav/core'
import { classifyFault, type ErrorPlace } from './azure-errors.ts'
import type { Credential } from './credentials.ts'
import { createEventQueue } from './event-queue.ts'
import { createLagWatch } from './lag-watch.ts'
import type { ResolvedParams } from './params.ts'
import { startRecognition, type Recognition } from './recognition.ts'
import type { RecognitionAsk } from './speech-config.ts'
import type { SpeechSdk } from '@kav/azure-speech'

export interface SessionParts {
  readonly sdk: SpeechSdk
  readonly params: ResolvedParams
  readonly context: PluginContext
  readonly credential: Credential
  readonly secrets: () => readonly string[]
  readonly place: ErrorPlace
  readonly callId: string
  readonly ask: RecognitionAsk
  readonly finishLimitMs: number
  /** Closes the session when it aborts. */
  readonly signal: AbortSignal
  /** The session has ended, once. */
  readonly onOver: () => void
}

const BYTES_PER_MS = 8
/** Offsets are exact; a segment may end in silence that the service adds. */
const OFFSET_TOLERANCE_MS = 500
/** While nobody speaks, how often the recogniser's state is looked at, in audio. */
const LOOK_EVERY_MS = 1000

type Phase = 'opening' | 'open' | 'finishing' | 'over'

/**
 * State of one recogniser between the core and the SDK: offsets, lag, and an end that always comes.
 * `opened` settles within `connect_timeout_ms`, or when the session ends before.
 */
export function startSession(parts: SessionParts): { session: SttSession; opened: Promise<void> } {
  const { params, place, signal } = parts
  const { region } = place
  const { clock, metrics, log } = parts.context
  const queue = createEventQueue()
  const lag = createLagWatch(params.max_lag_ms)
  let phase: Phase = 'opening'
  let recognition: Recognition | undefined
  let closing: Promise<void> | undefined
  let connections = 0
  let writtenBytes = 0
  let nextLookMs = LOOK_EVERY_MS
  /** What the latest partial showed and no final has closed. */
  let openWords = ''
  let speaking = false
  let replacementAsked = false
  let stopReconnectTimer: () => void = () => undefined
  let settleOpening: (error?: ProviderError) => void = () => undefined
  const opened = new Promise<void>((resolve, reject) => {
    settleOpening = (error) => {
      if (error === undefined) resolve()
      else reject(error)
    }
  })

  const writtenMs = (): number => writtenBytes / BYTES_PER_MS
  const problem = (errorClass: 'timeout' | 'session-limit' | 'cancelled', what: string): ProviderError =>
    new ProviderError(errorClass, `Azure Speech recognition (region ${region}): ${what}`, {
      details: { ...place },
    })

  /** Ends the session's life, once; the recogniser is let go of in the background. */
  function over(): boolean {
    if (phase === 'over') return false
    phase = 'over'
    stopTimer()
    stopReconnectTimer()
    signal.removeEventListener('abort', discard)
    closing = recognition?.close()
    parts.onOver()
    return true
  }

  function discard(): void {
    over()
    queue.discard()
    settleOpening(problem('cancelled', 'no longer wanted'))
  }

  function fail(error: ProviderError): void {
    if (phase === 'finishing' && error.retryable) return endWithOpenWords()
    if (!over()) return
    metrics.count('azure_stt_errors_total', 1, { region, class: error.class })
    queue.fail(error)
    settleOpening(error)
  }

  /** Nothing more will come: words that only a partial showed are the last ones. */
  function endWithOpenWords(): void {
    if (openWords !== '') queue.push({ type: 'final', text: openWords })
    if (over()) queue.end()
  }

  /** In a pause: asks the core for a fresh recogniser where this one has fallen behind. */
  function lookForLag(): void {
    if (replacementAsked || phase !== 'open' || openWords !== '') return
    const reason = lag.reason(writtenMs())
    if (reason === undefined) return
    replacementAsked = true
    metrics.count('azure_stt_recycled_total', 1, { region })
    queue.push({ type: 'closing', reason })
  }

  function deliverFinal(event: Extract<SttEvent, { type: 'final' }>, endMs: number): void {
    // Results that were on their way when the service closed its connection may be counted from a wrong start by the
    // SDK, which then drops the audio up to there. The core still has it.
    if (endMs > writtenMs() + OFFSET_TOLERANCE_MS) {
      const ends = `a result ends at ${Math.round(endMs)} ms of ${Math.round(writtenMs())} ms`
      return fail(problem('session-limit', ends))
    }
    openWords = ''
    lag.heard(endMs, writtenMs())
    lag.answered(endMs)
    metrics.gauge('azure_stt_lag_ms', Math.round(lag.lagMs), { region })
    queue.push({ ...event, endMs: Math.min(endMs, writtenMs()) })
    lookForLag()
  }

  function deliver(event: Exclude<SttEvent, { type: 'closing' }>): void {
    if (event.type === 'final') return deliverFinal(event, event.endMs ?? writtenMs())
    // A turn that a fault cut in mid-speech ends without having begun.
    if (event.type === 'speech-stopped' && !speaking) return
    if (event.type === 'speech-started') speaking = true
    if (event.type === 'speech-stopped') speaking = false
    if (event.type === 'partial') openWords = event.text
    queue.push(event)
  }

  function awaitReconnect(): void {
    if (phase !== 'open') return
    stopReconnectTimer()
    stopReconnectTimer = clock.after(params.connect_timeout_ms, () => {
      fail(problem('timeout', `no new connection within ${params.connect_timeout_ms} ms`))
    })
  }

  function connected(): void {
    stopReconnectTimer()
    connections += 1
    if (connections > 1) {
      metrics.count('azure_stt_reconnects_total', 1, { region })
      log.info({ callId: parts.callId, region }, 'Azure connection replaced by the SDK')
    }
    if (phase !== 'opening') return
    phase = 'open'
    stopTimer()
    settleOpening()
  }

  const session: SttSession = {
    events: queue,
    write(audio) {
      if (phase !== 'open' || audio.length === 0) return
      writtenBytes += audio.length
      recognition?.write(audio)
      if (writtenMs() < nextLookMs) return
      nextLookMs = writtenMs() + LOOK_EVERY_MS
      lookForLag()
    },
    finish() {
      if (phase !== 'open') return
      phase = 'finishing'
      recognition?.finish()
      stopTimer = clock.after(parts.finishLimitMs, () => {
        metrics.count('azure_stt_finish_timeouts_total', 1, { region })
        endWithOpenWords()
      })
    },
    async close() {
      discard()
      await closing
    },
  }

  let stopTimer = clock.after(params.connect_timeout_ms, () => {
    fail(problem('timeout', `no connection within ${params.connect_timeout_ms} ms`))
  })
  signal.addEventListener('abort', discard, { once: true })
  try {
    recognition = startRecognition(parts.sdk, params, parts.credential, parts.ask, {
      onConnected: connected,
      onDisconnected: awaitReconnect,
      onEvent: deliver,
      onNoMatch(endMs) {
        lag.answered(endMs)
        // Words that a partial showed turned out to be none: the core must not wait for their final.
        if (openWords !== '') queue.push({ type: 'partial', text: '' })
        openWords = ''
        lookForLag()
      },
      onFault: (fault) => fail(classifyFault(fault, place, parts.secrets())),
      onTurnCut: () => fail(problem('session-limit', 'Azure ended the recognition by itself')),
      onEnd() {
        if (phase === 'finishing') endWithOpenWords()
        else fail(problem('session-limit', 'Azure ended the recognition by itself'))
      },
    })
  } catch (error) {
    const fault = { code: 'BadRequestParameters', details: String(error) }
    fail(error instanceof ProviderError ? error : classifyFault(fault, place, parts.secrets()))
  }
  return { session, opened }
}
