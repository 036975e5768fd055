export {
  type BegunCall,
  type CallTrace,
  openTraces,
  type TraceableCall,
  type Traces,
  type TracesOptions,
} from './export/open-traces.ts'
export type { SamplerSettings } from './export/sampler.ts'
export type { QueueSettings } from './export/span-queue.ts'
export { traceIdOf } from './export/trace-ids.ts'
export {
  ATTRIBUTES,
  type AttributeKey,
  SEMCONV_VERSION,
  type SpanAttributes,
} from './spans/attribute-table.ts'
export type { CallSpan, SpanEvent } from './spans/call-span.ts'
export { createSpanFold, type SpanFold, type SpanFoldOptions } from './spans/span-fold.ts'
export { PARTS, type PartName, type SpanKind, type SpanName, SPANS } from './spans/span-table.ts'
export { spansOfEvents, type SpanTree } from './spans/spans-of-events.ts'
