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
    begin: (call) => beginTrace(call, ++calls, { settings, link }),
    close: (limitMs) => link.close(limitMs),
  }
}

function beginTrace(
  { traceparent: given, ...call }: BegunCall,
  number: number,
  { settings, link }: { readonly settings: TracesSettings; readonly link: TraceLink },
): CallTrace {
  const parent = readTraceparent(given)
  const traceId = parent?.traceId ?? traceIdOf(call.id)
  const sampled = isSampled(settings.sampler, traceId, parent?.sampled)
  const traceparent = writeTraceparent({ traceId, spanId: spanIdOf(traceId, CALL_KEY), sampled })
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
