import { ROOT_CONTEXT } from '@opentelemetry/api'
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace'

/** Which calls are traced: `OTEL_TRACES_SAMPLER` and its argument. */
export interface SamplerSettings {
  /** A call that came with a `traceparent` is traced if that one is. */
  readonly parentBased: boolean
  /** Of the others this share, 0 to 1. */
  readonly ratio: number
}

/** Whether this call is traced. By its trace id: every process that knows it decides the same. */
export function isSampled(
  { parentBased, ratio }: SamplerSettings,
  traceId: string,
  parentSampled: boolean | undefined,
): boolean {
  if (parentBased && parentSampled !== undefined) return parentSampled
  const { decision } = new TraceIdRatioBasedSampler(ratio).shouldSample(ROOT_CONTEXT, traceId)
  return decision === SamplingDecision.RECORD_AND_SAMPLED
}
