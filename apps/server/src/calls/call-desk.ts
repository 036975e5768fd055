import { type Clock, type Logger, messageOf, type Metrics, type TransportCall } from '@kav/core'
import {
  type CallEvent,
  type CallOutcome,
  type CallSession,
  type CallSettings,
  type CallStages,
  type CallTap,
  createCallRecorder,
  createCallTelemetry,
  type FrameClock,
  type SpeechCache,
  startCallSession,
} from '@kav/core/host'
import type { CallKeeper } from './call-keeper.ts'

/** Takes calls as the transport brings them, and knows those that run. */
export interface CallDesk {
  take(call: TransportCall): void
  readonly active: number
  /** Resolves when no call is running. */
  ended(): Promise<void>
  /** Resolves when the files of those that ran are written, too. */
  kept(): Promise<void>
  /** Ends what runs; `ended` tells when it is over. */
  hangUpAll(): void
}

/** What sees a call's audio beside its chain. */
export interface CallRecording {
  readonly tap: CallTap
  /** Figures of the file, when it is complete. Never rejects. */
  readonly counters: Promise<Readonly<Record<string, number>>>
}

export interface CallDeskOptions {
  readonly pipelineName: string
  readonly transportName: string
  readonly settings: CallSettings
  readonly stages: CallStages
  readonly frameClock: FrameClock
  readonly speechCache: SpeechCache
  readonly keeper: CallKeeper
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  /** `undefined`: this pipeline records no audio. */
  readonly openRecording?:
    ((parts: { base: string; call: TransportCall; log: Logger }) => CallRecording) | undefined
  readonly onEvent?: ((event: CallEvent, callId: string) => void) | undefined
}

export function createCallDesk(options: CallDeskOptions): CallDesk {
  const { settings, stages, frameClock, speechCache, keeper, clock, metrics } = options
  const sessions = new Set<CallSession>()
  const settled = new Set<Promise<void>>()

  function take(call: TransportCall): void {
    const startedAtWallMs = clock.wallMs()
    const base = keeper.baseOf(startedAtWallMs, call.id)
    const recorder = createCallRecorder({ callId: call.id, pipeline: options.pipelineName, startedAtWallMs })
    const log = options.log.child({
      call: call.id,
      pipeline: options.pipelineName,
      transport: options.transportName,
    })
    const telemetry = createCallTelemetry({
      log,
      metrics,
      clock,
      onEvent(event) {
        recorder.onEvent(event)
        options.onEvent?.(event, call.id)
      },
    })
    const recording = options.openRecording?.({ base, call, log })
    const taps = recording ? [recording.tap] : []
    const session = startCallSession({
      call,
      settings,
      stages,
      clock,
      frameClock,
      telemetry,
      taps,
      speechCache,
    })
    sessions.add(session)
    metrics.gauge('active_calls', sessions.size)
    settle(session, log, async (outcome) => {
      const counters = { ...outcome.counters, ...(await recording?.counters) }
      await keeper.keep(base, recorder.finish({ ...outcome, counters }), recording !== undefined, log)
    })
  }

  function settle(session: CallSession, log: Logger, keep: (outcome: CallOutcome) => Promise<void>): void {
    const over = session.done.then((outcome) => {
      sessions.delete(session)
      metrics.gauge('active_calls', sessions.size)
      for (const [name, value] of Object.entries(outcome.counters)) {
        // A greatest depth cannot be added up over calls.
        if (!name.includes('_max_')) metrics.count(`${name}_total`, value)
      }
      return keep(outcome)
    })
    // Whatever goes wrong after a call must not reach the process.
    const told = over.catch((error: unknown) =>
      log.error({ error: messageOf(error) }, 'CALL: closing failed'),
    )
    settled.add(told)
    void told.finally(() => settled.delete(told))
  }

  return {
    take,
    get active() {
      return sessions.size
    },
    async ended() {
      while (sessions.size > 0) await Promise.all([...sessions].map((session) => session.done))
    },
    async kept() {
      while (settled.size > 0) await Promise.all(settled)
    },
    hangUpAll() {
      for (const session of sessions) session.hangUp('shutdown')
    },
  }
}
