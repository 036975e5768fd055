import { type AudioFormat, formatName } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { ProviderError } from '../../contracts/errors.ts'
import type { RealtimeProvider, RealtimeSession, RealtimeSessionOptions } from '../../contracts/realtime.ts'
import { settleWithin } from '../../kit/deadline.ts'
import type { Trial } from '../../providers/breaker.ts'
import { openHedged, type OpeningTries } from '../../providers/hedged-opening.ts'
import type { ProviderInstance } from '../../providers/provider-instance.ts'
import { tellOddSession } from '../../providers/session-doubts.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { guardSession } from './guard-session.ts'

export type NamedRealtime = ProviderInstance<RealtimeProvider>

interface RealtimeOpening {
  readonly realtime: NamedRealtime
  readonly options: Omit<RealtimeSessionOptions, 'format' | 'signal'>
  /** The format of the session's audio. */
  readonly format: AudioFormat
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  readonly signal: AbortSignal
  /** A method of the session failed: a fault of the plugin's. */
  readonly onBroken: (thrown: unknown) => void
}

interface RealtimeTry {
  readonly attempt: number
  readonly trial: Trial
}

const TRIES = 3
const RETRY_DELAY_MS = 200
const OPEN_LIMIT_MS = 10_000
export const CLOSE_LIMIT_MS = 2000

/**
 * Opens the session of a call: 3 tries 200 ms apart, the next beside one that is pending for 1.5 s. `undefined`:
 * `signal` aborted. Throws the last `ProviderError` when no try is left.
 */
export async function openRealtimeSession(parts: RealtimeOpening): Promise<RealtimeSession | undefined> {
  const { realtime, format, clock, signal } = parts
  let failure = new ProviderError('timeout', `${realtime.name}: opening a session`)
  const found = await openHedged({
    tries: createRealtimeTries(parts, (error) => (failure = error)),
    limitMs: OPEN_LIMIT_MS,
    doing: () => `${realtime.name} (${formatName(format)}): opening a session`,
    clock,
    signal,
  })
  if (found || signal.aborted) return found?.opened
  throw failure
}

function createRealtimeTries(
  parts: RealtimeOpening,
  onFailure: (error: ProviderError) => void,
): OpeningTries<RealtimeTry, RealtimeSession> {
  const { realtime, options, format, clock, telemetry } = parts
  const about = ({ attempt }: RealtimeTry) => ({ plugin: realtime.name, region: undefined, attempt })
  let made = 0
  let hopeless = false
  let lastFailed = false
  return {
    take() {
      if (hopeless || made === TRIES) return undefined
      return { attempt: ++made, trial: realtime.healthOf().begin() }
    },
    backOffMs: () => (lastFailed ? RETRY_DELAY_MS : 0),
    async open(_attempt, signal) {
      const { provider, name } = realtime
      const session = await provider.openSession({ ...options, format, signal })
      tellOddSession('realtime', provider, session, (odd) => telemetry.stt.sessionOdd(name, odd))
      return guardSession(session, parts.onBroken)
    },
    close: (late) => settleWithin(clock, CLOSE_LIMIT_MS, late.close()),
    hedged: (attempt) => telemetry.stt.openingHedged(about(attempt)),
    won(attempt, openMs) {
      attempt.trial.succeeded()
      telemetry.stt.ready({ ...about(attempt), openMs })
    },
    failed(attempt, error) {
      lastFailed = true
      hopeless ||= !error.retryable
      telemetry.stt.openFailed({ ...about(attempt), error })
      if (hopeless || made === TRIES) attempt.trial.failed(error)
      else attempt.trial.abandoned()
      onFailure(error)
    },
    beaten: ({ trial }) => trial.abandoned(),
  }
}
