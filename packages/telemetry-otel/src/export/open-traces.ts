import type { Logger, Metrics } from '@kav/core'
import type { CallEvent } from '@kav/core/host'
import { CALL_KEY } from '../spans/call-span.ts'
import { bearsOnSpans } from '../spans/telling-events.ts'
import { isSampled } from './sampler.ts'
import { spanIdOf, traceIdOf } from './trace-ids.ts'
import { openTraceLink, type TraceLink } from './trace-link.ts'
import type { TracedCall, TracesSettings } from './trace-messages.ts'
import { readTraceparent, writeTraceparent } from './trace-parent.ts'

export interface TracesOptions extends TracesSettings {
  readonly log: Logger
  readonly metrics: Metrics
}

/** A call as it begins. */
export interface BegunCall extends Omit<TracedCall, 'traceId' | 'remoteParentId'> {
  /** That the call came with. */
  readonly traceparent: string | undefined
}

/** What the trace of a call is told by. */
export interface TraceableCall {
  readonly id: string
  /** That it came with. */
  readonly traceparent?: string | undefined
  /** Of its trace, where it is known: what it came with is not asked for then. */
  readonly traceId?: string | undefined
}

/** The trace of one call. */
export interface CallTrace {
  readonly traceId: string
  /** For who goes on from here: the call is its parent. */
  readonly traceparent: string
  /** `false`: nothing of it is sent, and it need not be told of events. */
  readonly sampled: boolean
  /** Never throws. */
  onEvent(event: CallEvent): void
  /** Nothing more comes. */
  over(): void
}

export interface Traces {
  /** What `CallTrace.traceparent` of a call is, before it begins and when it is over. */
  traceparentOf(call: TraceableCall): string
  begin(call: BegunCall): CallTrace
  /** Sends what waits. Never rejects, and takes little longer than this. */
  close(limitMs: number): Promise<void>
}

/**
 * Opens the way to a collector by OTLP over HTTP, in a thread of its own. Where it is, `OTEL_EXPORTER_OTLP_ENDPOINT`
 * and the other variables of OpenTelemetry's exporter say. It is there at once, whether the collector is or not.
 */
export function openTraces({ log, metrics, ...settings }: TracesOptions): Traces {
  const link = openTraceLink({ settings, log, metrics })
  let calls = 0
  return {
    traceparentOf: (call) => identityOf(call, settings).traceparent,
    begin: (call) => beginTrace(call, ++calls, { settings, link }),
    close: (limitMs) => link.close(limitMs),
  }
}

function identityOf({ id, traceparent: given, traceId: known }: TraceableCall, settings: TracesSettings) {
  const parent = readTraceparent(given)
  const traceId = known ?? parent?.traceId ?? traceIdOf(id)
  // A record has its trace's id where it was sent.
  const sampled = known !== undefined || isSampled(settings.sampler, traceId, parent?.sampled)
  const traceparent = writeTraceparent({ traceId, spanId: spanIdOf(traceId, CALL_KEY), sampled })
  return { parent, traceId, sampled, traceparent }
}

function beginTrace(
  { traceparent: given, ...call }: BegunCall,
  number: number,
  { settings, link }: { readonly settings: TracesSettings; readonly link: TraceLink },
): CallTrace {
  const identity = { id: call.id, traceparent: given }
  const { parent, traceId, sampled, traceparent } = identityOf(identity, settings)
  const none = (): void => undefined
  if (!sampled) return { traceId, traceparent, sampled, onEvent: none, over: none }
  const traced: TracedCall = { ...call, traceId, remoteParentId: parent?.spanId }
  link.tell(number, 0, 'begin', traced, null)
  return {
    traceId,
    traceparent,
    sampled,
    onEvent(event) {
      if (!bearsOnSpans(event)) return
      link.tell(number, event.atMs, event.event, event.fields, settings.content ? event.private : null)
    },
    over: () => link.tell(number, 0, 'over', null, null),
  }
}
