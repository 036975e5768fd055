import { type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { SpanAttributes } from '../spans/attribute-table.ts'
import type { CallSpan } from '../spans/call-span.ts'
import { SPANS } from '../spans/span-table.ts'
import { spanIdOf } from './trace-ids.ts'

/** What the spans of a call have in common. */
export interface SpansOfCall {
  readonly traceId: string
  /** The span of somebody else that the call lies in. */
  readonly remoteParentId: string | undefined
  readonly startedAtWallMs: number
  readonly scope: { readonly name: string; readonly version: string; readonly schemaUrl: string }
  readonly resource: Resource
  /** What the events of the call do not say. */
  readonly attributesOf: (span: CallSpan) => SpanAttributes
}

const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, server: SpanKind.SERVER }
const MS_PER_SECOND = 1000
const NS_PER_MS = 1_000_000

/** A span as OpenTelemetry's exporters take it. */
export function toReadableSpan(span: CallSpan, call: SpansOfCall): ReadableSpan {
  const { traceId, startedAtWallMs } = call
  const attributes = { ...span.attributes, ...call.attributesOf(span) }
  if (span.error !== undefined) attributes['error.type'] = span.error
  const parentId = span.parent === undefined ? call.remoteParentId : spanIdOf(traceId, span.parent)
  const context = (spanId: string, isRemote: boolean) => ({
    traceId,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
    isRemote,
  })
  const own = context(spanIdOf(traceId, span.key), false)
  return {
    name: titleOf(span, attributes),
    kind: KINDS[SPANS[span.name].kind],
    spanContext: () => own,
    ...(parentId !== undefined && { parentSpanContext: context(parentId, span.parent === undefined) }),
    startTime: hrTime(startedAtWallMs + span.startMs),
    endTime: hrTime(startedAtWallMs + span.endMs),
    duration: hrTime(span.endMs - span.startMs),
    status: { code: span.error === undefined ? SpanStatusCode.UNSET : SpanStatusCode.ERROR },
    attributes,
    links: [],
    events: span.events.map(({ name, atMs, attributes: fields }) => ({
      name,
      time: hrTime(startedAtWallMs + atMs),
      attributes: { ...fields },
      droppedAttributesCount: 0,
    })),
    ended: true,
    resource: call.resource,
    instrumentationScope: call.scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
}

/** As the conventions for generative AI name spans; everything else by what it is. */
function titleOf({ name }: CallSpan, attributes: SpanAttributes): string {
  const of = (key: keyof SpanAttributes): string => String(attributes[key] ?? '')
  switch (name) {
    case 'call':
      return `invoke_agent ${of('kav.pipeline')}`
    case 'llm':
      return `chat ${of('gen_ai.request.model') || of('kav.plugin')}`
    case 'tool':
      return `execute_tool ${of('gen_ai.tool.name')}`
    case 'turn':
      return `turn ${of('kav.turn')}`
    default:
      return name
  }
}

function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / MS_PER_SECOND)
  return [seconds, Math.round((ms - seconds * MS_PER_SECOND) * NS_PER_MS)]
}
