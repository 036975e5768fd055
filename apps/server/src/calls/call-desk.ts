import type { Clock, Logger, Metrics, TransportCall, UnreachedCall, UnreachedReason } from '@kav/core'
import {
  type CallOutcome,
  type CallSession,
  type CallSettings,
  type CallStages,
  createCallTelemetry,
  type FrameClock,
  type RedactedEvent,
  type Redaction,
  type SpeechCache,
  startCallSession,
} from '@kav/core/host'
import type { LiveCalls } from '../live/live-calls.ts'
import { eventWithoutSecrets } from '../privacy/secrets.ts'
import type { CallTrace } from '../traces/call-traces.ts'
import type { CallKeeper, CallKeeping } from './call-keeper.ts'
import { createFileWork, type FileWork } from './file-work.ts'

/** Takes calls as the transport brings them, and knows those that run. */
export interface CallDesk {
  /** @param onOver the call is over, however it ended. Once. */
  take(call: TransportCall, onOver: () => void): void
  /** A call that was placed and reached nobody: it leaves a record, and is told of. */
  unreached(call: UnreachedCall & { readonly reason: UnreachedReason }): void
  active(): number
  /** Resolves when no call is running. */
  ended(): Promise<void>
  /** Resolves when the files of those that ran are written, too. */
  kept(): Promise<void>
  /** Ends what runs; `ended` tells when it is over. */
  hangUpAll(): void
  /** Waits no longer for calls that do not end: their files are written as the calls are now. */
  cutShort(): void
  /** Records wait for recordings no longer. */
  hurry(): void
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
  /** Begins the trace of a call; absent: calls are not traced. */
  readonly trace?: ((call: TransportCall) => CallTrace) | undefined
  /** What a traced call counts with: its histograms have it as exemplar. */
  readonly tracedMetrics: (traceId: string) => Metrics
  /** What is taken out before anybody sees it; `undefined`: nothing. */
  readonly redaction?: Redaction | undefined
  readonly onEvent?: ((event: RedactedEvent, callId: string) => void) | undefined
  /** Hash of the pipeline's file. */
  readonly version: string
  /** Who shows and steers those that run. */
  readonly live?: LiveCalls | undefined
}

interface RunningCall {
  readonly onOver: () => void
  readonly session: CallSession
  readonly keeping: CallKeeping
  readonly startedMs: number
  readonly log: Logger
  /** It is shown no more. */
  readonly gone: (outcome: Pick<CallOutcome, 'endedBy' | 'durationMs'>) => void
  readonly trace: CallTrace | undefined
}

/** A call that begins. */
type BeginningCall = Pick<RunningCall, 'keeping' | 'log' | 'trace' | 'onOver'> & {
  readonly call: TransportCall
}

function logOf(call: TransportCall, trace: CallTrace | undefined, options: CallDeskOptions): Logger {
  const { pipelineName: pipeline, transportName: transport } = options
  const traced = trace && { trace_id: trace.traceId }
  return options.log.child({ call: call.id, pipeline, transport, ...traced })
}

/** Among the calls that operators see. Returns what takes it off there. */
function show(
  { pipelineName: pipeline, version, live }: CallDeskOptions,
  { call, startedMs }: { readonly call: TransportCall; readonly startedMs: number },
  { control }: CallSession,
  { soFar }: CallKeeping,
): RunningCall['gone'] {
  return live?.began({ call, pipeline, version, startedMs, control, soFar }) ?? (() => undefined)
}

export function createCallDesk(options: CallDeskOptions): CallDesk {
  const { settings, stages, frameClock, speechCache, keeper, clock, metrics } = options
  const running = new Set<RunningCall>()
  const files = createFileWork()
  metrics.gauge('active_calls', 0)

  function take(call: TransportCall, onOver: () => void): void {
    let trace: CallTrace | undefined
    let keeping: CallKeeping | undefined
    try {
      trace = sampled(options.trace?.(call))
      const log = logOf(call, trace, options)
      keeping = keeper.open(call, log, trace?.traceId)
      begin({ call, keeping, log, trace, onOver })
    } catch (error) {
      // A call that could not even begin gives its place back, and leaves a record, too.
      onOver()
      trace?.over()
      const ending = { durationMs: 0, endedBy: 'failure', counters: {} }
      if (keeping) files.write(keeping, options.log, ending, ['counters'])
      throw error
    }
  }

  function begin({ call, ...begun }: BeginningCall): void {
    const { keeping, log, trace } = begun
    const startedMs = clock.nowMs()
    const telemetry = createCallTelemetry({
      log,
      metrics: trace ? options.tracedMetrics(trace.traceId) : metrics,
      clock,
      redaction: options.redaction,
      onEvent(told) {
        const event = eventWithoutSecrets(told)
        keeping.onEvent(event)
        trace?.onEvent(event)
        options.onEvent?.(event, call.id)
      },
    })
    const own = { call, telemetry, taps: keeping.taps, traceparent: trace?.traceparent }
    const session = startCallSession({ ...own, settings, stages, clock, frameClock, speechCache })
    const gone = show(options, { call, startedMs }, session, keeping)
    const one = { ...begun, session, startedMs, gone }
    running.add(one)
    metrics.gauge('active_calls', running.size)
    void session.done.then((outcome) => over(one, outcome))
  }

  function over(one: RunningCall, outcome: CallOutcome): void {
    // Its files are written: it was cut short.
    if (!running.delete(one)) return
    metrics.gauge('active_calls', running.size)
    one.onOver()
    one.gone(outcome)
    one.trace?.over()
    addUp(outcome.counters, metrics)
    files.write(one.keeping, one.log, outcome)
  }

  return {
    take,
    unreached: (call) => keepUnreached(options, files, call),
    active() {
      return running.size
    },
    async ended() {
      while (running.size > 0) await Promise.all([...running].map(({ session }) => session.done))
    },
    kept: files.kept,
    hangUpAll() {
      for (const { session } of running) session.hangUp('shutdown')
    },
    cutShort() {
      for (const one of running) {
        running.delete(one)
        one.onOver()
        one.trace?.over()
        const durationMs = clock.nowMs() - one.startedMs
        one.gone({ durationMs, endedBy: 'shutdown' })
        files.write(one.keeping, one.log, { durationMs, endedBy: 'shutdown', counters: {} }, ['counters'])
      }
      metrics.gauge('active_calls', 0)
    },
    hurry: files.hurry,
  }
}

/** What is not sent need not be told of events, nor does anybody find it. */
function sampled(trace: CallTrace | undefined): CallTrace | undefined {
  return trace?.sampled ? trace : undefined
}

function addUp(counters: CallOutcome['counters'], metrics: Metrics): void {
  for (const [name, value] of Object.entries(counters)) {
    // A greatest depth cannot be added up over calls.
    if (!name.includes('_max_')) metrics.count(`${name}_total`, value)
  }
}

/** The record of a call without a session: one event is all that happened. */
function keepUnreached(
  options: CallDeskOptions,
  files: Pick<FileWork, 'write'>,
  { id, from, to, reason }: Parameters<CallDesk['unreached']>[0],
): void {
  const { pipelineName: pipeline, transportName: transport, keeper, clock, metrics, redaction } = options
  const log = options.log.child({ call: id, pipeline, transport })
  const keeping = keeper.openUnheard(id, log)
  const onEvent = (told: RedactedEvent): void => {
    const event = eventWithoutSecrets(told)
    keeping.onEvent(event)
    options.onEvent?.(event, id)
  }
  const telemetry = createCallTelemetry({ log, metrics, clock, redaction, onEvent })
  telemetry.callUnreached(reason, { from, to, direction: 'outbound' })
  files.write(keeping, log, { durationMs: 0, endedBy: reason, counters: {} })
}
