import {
  ProviderError,
  type PluginContext,
  type SttEvent,
  type SttSession,
  type SttSessionOptions,
} from '@kav/core'
import { classifyFault, type ErrorPlace, type SdkFault } from './azure-errors.ts'
import type { Credentials } from './credentials.ts'
import { createEventQueue } from './event-queue.ts'
import { createLagWatch } from './lag-watch.ts'
import { credentialsDiffer, type ResolvedParams } from './params.ts'
import { startRecognition, type Recognition, type RecognitionHandlers } from './recognition.ts'
import { MAX_HINTS, sessionLanguages } from './speech-config.ts'
import { loadSpeechSdk } from './speech-sdk.ts'

/** What all sessions of a provider share. */
export interface Shared {
  readonly params: ResolvedParams
  readonly context: PluginContext
  readonly credentials: Credentials
  /** Sessions that are open, to be closed with the provider. */
  readonly open: Set<SttSession>
}

/** How fast a session may go and how long it may take. */
export interface Pace {
  readonly throttleAfterMs: number
  /** After `finish`, how long the last words may take. */
  readonly finishLimitMs: number
}

/** After `finish`, how long the last words may take; below the 2 s that the core waits for them. */
const FINISH_LIMIT_MS = 1800
const BYTES_PER_MS = 8
/** Offsets are exact; a segment may end in silence that the service adds. */
const OFFSET_TOLERANCE_MS = 500
/** While nobody speaks, how often the recogniser's state is looked at, in audio. */
const LOOK_EVERY_MS = 1000

/** Opens one recogniser. Resolves when its connection is up; rejects with a `ProviderError`. */
export async function openSession(
  shared: Shared,
  options: SttSessionOptions,
  pace: Pace = { throttleAfterMs: shared.params.throttle_after_ms, finishLimitMs: FINISH_LIMIT_MS },
): Promise<SttSession> {
  const { params, context, credentials } = shared
  const { clock, metrics, log } = context
  const region = options.region ?? params.region
  const languages = sessionLanguages(params, options)
  const place: ErrorPlace = {
    doing: 'recognition',
    region,
    language: languages.join(' or '),
    ownKey: credentialsDiffer(params),
  }
  const cancelled = (): ProviderError =>
    new ProviderError('cancelled', `Azure Speech recognition (region ${region}): no longer wanted`)
  if (options.signal.aborted) throw cancelled()
  const hints = [...new Set([...params.hints, ...options.hints])]
  if (hints.length > MAX_HINTS) {
    metrics.count('azure_stt_hints_dropped_total', hints.length - MAX_HINTS)
    log.warn({ callId: options.callId, left: hints.length - MAX_HINTS }, 'Hints over the limit left out')
  }
  const [sdk, credential] = await Promise.all([loadSpeechSdk(), credentials.get(region)])
  if (options.signal.aborted) throw cancelled()

  const queue = createEventQueue()
  const lag = createLagWatch(params.max_lag_ms)
  let recognition: Recognition | undefined
  let phase: 'opening' | 'open' | 'finishing' | 'over' = 'opening'
  let writtenBytes = 0
  let nextLookMs = LOOK_EVERY_MS
  let openWords = ''
  let speaking = false
  let asked = false
  let stopTimer: () => void = () => undefined
  let settleOpening: (error?: ProviderError) => void = () => undefined

  /** Ends the session's life, once. The recogniser is let go of in the background. */
  function over(): boolean {
    if (phase === 'over') return false
    phase = 'over'
    stopTimer()
    options.signal.removeEventListener('abort', discard)
    closing ??= recognition?.close()
    shared.open.delete(session)
    return true
  }

  let closing: Promise<void> | undefined

  function discard(): void {
    over()
    queue.discard()
    settleOpening(cancelled())
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

  function lookForLag(): void {
    if (asked || phase !== 'open' || openWords !== '') return
    const reason = lag.reason(writtenMs())
    if (reason === undefined) return
    asked = true
    metrics.count('azure_stt_recycled_total', 1, { region })
    queue.push({ type: 'closing', reason })
  }

  const endedByItself = (): ProviderError =>
    new ProviderError('session-limit', `Azure ended the recognition by itself (region ${region})`, {
      details: { ...place },
    })

  /**
   * Results that were on their way when the service closed its connection may be counted from the wrong start by the
   * SDK, which then drops the audio up to there. The core still has it.
   */
  const offsetsBroken = (endMs: number): ProviderError =>
    new ProviderError(
      'session-limit',
      `Azure Speech recognition (region ${region}): a result ends at ${Math.round(endMs)} ms of ${Math.round(writtenMs())} ms`,
      { details: { ...place } },
    )

  const writtenMs = (): number => writtenBytes / BYTES_PER_MS

  function deliver(event: Exclude<SttEvent, { type: 'closing' }>): void {
    if (event.type === 'speech-started') speaking = true
    if (event.type === 'speech-stopped') {
      // A turn that the service cut in mid-speech ends without having begun.
      if (!speaking) return
      speaking = false
    }
    if (event.type === 'partial') openWords = event.text
    if (event.type === 'final') {
      const endMs = event.endMs ?? writtenMs()
      if (endMs > writtenMs() + OFFSET_TOLERANCE_MS) return fail(offsetsBroken(endMs))
      openWords = ''
      lag.heard(endMs, writtenMs())
      lag.answered(endMs)
      metrics.gauge('azure_stt_lag_ms', Math.round(lag.lagMs), { region })
      queue.push({ ...event, endMs: Math.min(endMs, writtenMs()) })
      lookForLag()
      return
    }
    queue.push(event)
  }

  let connections = 0
  const handlers: RecognitionHandlers = {
    onConnected() {
      connections += 1
      if (connections > 1) {
        metrics.count('azure_stt_reconnects_total', 1, { region })
        log.info({ callId: options.callId, region }, 'Azure connection replaced by the SDK')
      }
      if (phase !== 'opening') return
      phase = 'open'
      stopTimer()
      settleOpening()
    },
    onEvent: deliver,
    onNoMatch(endMs) {
      lag.answered(endMs)
      // Words that a partial showed turned out to be none: the core must not wait for their final.
      if (openWords !== '') queue.push({ type: 'partial', text: '' })
      openWords = ''
      lookForLag()
    },
    onFault(fault: SdkFault) {
      fail(classifyFault(fault, place, credentials.secrets))
    },
    onTurnCut() {
      fail(endedByItself())
    },
    onEnd() {
      if (phase === 'finishing') endWithOpenWords()
      else fail(endedByItself())
    },
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
      stopTimer = clock.after(pace.finishLimitMs, () => {
        metrics.count('azure_stt_finish_timeouts_total', 1, { region })
        endWithOpenWords()
      })
    },
    async close() {
      discard()
      await closing
    },
  }

  shared.open.add(session)
  options.signal.addEventListener('abort', discard, { once: true })
  await new Promise<void>((resolve, reject) => {
    settleOpening = (error) => {
      if (error === undefined) resolve()
      else reject(error)
    }
    stopTimer = clock.after(params.connect_timeout_ms, () => {
      fail(
        new ProviderError(
          'timeout',
          `Azure Speech recognition (region ${region}): no connection within ${params.connect_timeout_ms} ms`,
          { details: { ...place } },
        ),
      )
    })
    try {
      recognition = startRecognition(
        sdk,
        params,
        credential,
        { region, languages, hints: hints.slice(0, MAX_HINTS), throttleAfterMs: pace.throttleAfterMs },
        handlers,
      )
    } catch (error) {
      fail(
        error instanceof ProviderError
          ? error
          : classifyFault(
              { code: 'BadRequestParameters', details: String(error) },
              place,
              credentials.secrets,
            ),
      )
    }
  })
  metrics.count('azure_stt_sessions_total', 1, { region })
  log.debug({ callId: options.callId, region, languages }, 'Azure recognition open')
  return session
}
