import type { Logger, Metrics } from '@kav/core'
import type { CallEvent } from '@kav/core/host'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { detectResources, envDetector, type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import { SEMCONV_VERSION, type SpanAttributes } from '../spans/attribute-table.ts'
import { CALL_KEY, type CallSpan } from '../spans/call-span.ts'
import { createSpanFold } from '../spans/span-fold.ts'
import { toReadableSpan } from './readable-span.ts'
import { isSampled, type SamplerSettings } from './sampler.ts'
import { createSpanQueue, type QueueSettings, type SpanQueue } from './span-queue.ts'
import { spanIdOf, traceIdOf } from './trace-ids.ts'
import { readTraceparent, writeTraceparent } from './trace-parent.ts'

export interface TracesOptions {
  readonly protocol: 'http/protobuf' | 'http/json'
  readonly sampler: SamplerSettings
  readonly queue: QueueSettings
  /** What was said, and phone numbers, under keys with `pii`. */
  readonly content: boolean
  /** Of this process; `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` have the last word. */
  readonly resource: Readonly<Record<string, string>>
  readonly version: string
  readonly log: Logger
  readonly metrics: Metrics
}

/** A call as it begins. */
export interface BegunCall {
  readonly id: string
  readonly pipeline: string
  readonly transport: string
  readonly startedAtWallMs: number
  /** That the call came with. */
  readonly traceparent: string | undefined
  /** What is known of its models, by the name of the provider. */
  readonly models: Readonly<Record<string, { readonly model?: string; readonly maker: string }>>
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
  /** Sends what waits. Never rejects, and takes no longer than this. */
  close(limitMs: number): Promise<void>
}

/**
 * Opens the way to a collector by OTLP over HTTP. Where it is, `OTEL_EXPORTER_OTLP_ENDPOINT` and the other variables
 * of OpenTelemetry's exporter say. It is there at once, whether the collector is or not.
 */
export function openTraces(options: TracesOptions): Traces {
  const { protocol, queue, log, metrics } = options
  const exporter = protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter()
  const own: Sending = {
    options,
    spans: createSpanQueue({ exporter, settings: queue, log, metrics }),
    resource: resourceFromAttributes(options.resource).merge(detectResources({ detectors: [envDetector] })),
  }
  return {
    begin: (call) => beginTrace(call, own),
    close: (limitMs) => own.spans.close(limitMs),
  }
}

interface Sending {
  readonly options: TracesOptions
  readonly spans: SpanQueue
  readonly resource: Resource
}

function beginTrace(call: BegunCall, { options, spans, resource }: Sending): CallTrace {
  const parent = readTraceparent(call.traceparent)
  const traceId = parent?.traceId ?? traceIdOf(call.id)
  const sampled = isSampled(options.sampler, traceId, parent?.sampled)
  const traceparent = writeTraceparent({ traceId, spanId: spanIdOf(traceId, CALL_KEY), sampled })
  const none = (): void => undefined
  if (!sampled) return { traceId, traceparent, sampled, onEvent: none, over: none }
  const traced = {
    traceId,
    remoteParentId: parent?.spanId,
    startedAtWallMs: call.startedAtWallMs,
    scope: {
      name: '@kav/telemetry-otel',
      version: options.version,
      schemaUrl: `https://opentelemetry.io/schemas/${SEMCONV_VERSION}`,
    },
    resource,
    attributesOf: (span: CallSpan) => attributesOf(span, call),
  }
  const fold = createSpanFold({ content: options.content }, (span) => spans.add(toReadableSpan(span, traced)))
  return { traceId, traceparent, sampled, onEvent: (event) => fold.onEvent(event), over: () => fold.end() }
}

function attributesOf(span: CallSpan, call: BegunCall): SpanAttributes {
  const conversation = { 'gen_ai.conversation.id': call.id }
  if (span.name === 'call') {
    const [first] = Object.values(call.models)
    return {
      ...conversation,
      'gen_ai.agent.name': call.pipeline,
      'kav.call.id': call.id,
      'kav.pipeline': call.pipeline,
      'kav.transport': call.transport,
      ...(first && { 'gen_ai.provider.name': first.maker }),
    }
  }
  if (span.name !== 'llm') return {}
  const plugin = String(span.attributes['kav.plugin'])
  const known = call.models[plugin]
  return {
    ...conversation,
    'gen_ai.provider.name': known?.maker ?? plugin,
    ...(known?.model !== undefined && { 'gen_ai.request.model': known.model }),
  }
}
