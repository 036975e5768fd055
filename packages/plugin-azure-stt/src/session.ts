import { isProviderError, ProviderError, type PluginContext, type SttSession } from '@kav/core'
import { classifyFault, type ErrorPlace } from './azure-errors.ts'
import type { Credential } from './credentials.ts'
import type { ResolvedParams } from './params.ts'
import { startRecognition, type Recognition, type RecognitionHandlers } from './recognition.ts'
import { createResults, type Results } from './results.ts'
import { createSessionLife, type SessionLife } from './session-life.ts'
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

/**
 * State of one recogniser between the core and the SDK: offsets, lag, and an end that always comes.
 * `opened` settles within `connect_timeout_ms`, or when the session ends before.
 */
export function startSession(parts: SessionParts): { session: SttSession; opened: Promise<void> } {
  const { params, signal } = parts
  const { region } = parts.place
  const { clock, metrics } = parts.context
  const connectMs = params.connect_timeout_ms
  let recognition: Recognition | undefined = undefined
  let closing: Promise<void> | undefined
  const life = createSessionLife({
    clock,
    signal,
    cancelled: problem(parts, 'cancelled', 'no longer wanted'),
    onOver() {
      closing = recognition?.close()
      parts.onOver()
    },
  })
  const results = createResults({
    life,
    metrics,
    region,
    maxLagMs: params.max_lag_ms,
    onWrongOffset: (what) => fail(problem(parts, 'session-limit', what)),
  })

  function fail(error: ProviderError): void {
    if (life.phase === 'finishing' && error.retryable) return results.endWithOpenWords()
    if (life.fail(error)) metrics.count('azure_stt_errors_total', 1, { region, class: error.class })
  }

  life.timer.set(connectMs, () => fail(problem(parts, 'timeout', `no connection within ${connectMs} ms`)))
  recognition = tryToStart(parts, createHandlers(parts, life, results, fail), fail)
  // One that failed at once has closed nothing yet.
  if (life.phase === 'over') closing ??= recognition?.close()

  return {
    opened: life.opened,
    session: {
      events: life.events.items,
      write(audio) {
        if (life.phase !== 'open' || audio.length === 0) return
        recognition?.write(audio)
        results.wrote(audio.length)
      },
      finish() {
        if (life.phase !== 'open') return
        life.nowFinishing()
        recognition?.finish()
        life.timer.set(parts.finishLimitMs, () => {
          metrics.count('azure_stt_finish_timeouts_total', 1, { region })
          results.endWithOpenWords()
        })
      },
      async close() {
        life.discard()
        await closing
      },
    },
  }
}

function problem(
  { place }: SessionParts,
  errorClass: 'timeout' | 'session-limit' | 'cancelled',
  what: string,
): ProviderError {
  return new ProviderError(errorClass, `Azure Speech recognition (region ${place.region}): ${what}`, {
    details: { ...place },
  })
}

function tryToStart(
  parts: SessionParts,
  handlers: RecognitionHandlers,
  fail: (error: ProviderError) => void,
): Recognition | undefined {
  try {
    return startRecognition(parts.sdk, parts.params, parts.credential, parts.ask, handlers)
  } catch (error) {
    const fault = { code: 'BadRequestParameters', details: String(error) }
    fail(isProviderError(error) ? error : classifyFault(fault, parts.place, parts.secrets()))
    return undefined
  }
}

function createHandlers(
  parts: SessionParts,
  life: SessionLife,
  results: Results,
  fail: (error: ProviderError) => void,
): RecognitionHandlers {
  const { region } = parts.place
  const { metrics, log } = parts.context
  const endedByItself = (): void =>
    fail(problem(parts, 'session-limit', 'Azure ended the recognition by itself'))
  let connections = 0
  return {
    onConnected() {
      connections += 1
      if (connections > 1) {
        metrics.count('azure_stt_reconnects_total', 1, { region })
        log.info({ call: parts.callId, region }, 'Azure connection replaced by the SDK')
      }
      life.reconnectTimer.clear()
      life.nowOpen()
    },
    onDisconnected() {
      if (life.phase !== 'open') return
      const limitMs = parts.params.connect_timeout_ms
      life.reconnectTimer.set(limitMs, () =>
        fail(problem(parts, 'timeout', `no new connection within ${limitMs} ms`)),
      )
    },
    onOdd(what) {
      metrics.count('azure_stt_odd_results_total', 1, { region })
      log.debug(
        { call: parts.callId, region, what },
        'Azure sent something that cannot be read; it is left out',
      )
    },
    onEvent: results.deliver,
    onNoMatch: results.noMatch,
    onFault: (fault) => fail(classifyFault(fault, parts.place, parts.secrets())),
    onTurnCut: endedByItself,
    onEnd() {
      if (life.phase === 'finishing') results.endWithOpenWords()
      else endedByItself()
    },
  }
}
