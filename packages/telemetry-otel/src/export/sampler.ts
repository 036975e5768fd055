/** Which calls are traced: `OTEL_TRACES_SAMPLER` and its argument. */
export interface SamplerSettings {
  /** A call that came with a `traceparent` is traced if that one is. */
  readonly parentBased: boolean
  /** Of the others this share, 0 to 1. */
  readonly ratio: number
}

const MOST = 0xffffffff
const DIGITS = 8

/**
 * Whether this call is traced. By its trace id: every process that knows it decides the same, as
 * `TraceIdRatioBasedSampler` of OpenTelemetry's SDK does.
 */
export function isSampled(
  { parentBased, ratio }: SamplerSettings,
  traceId: string,
  parentSampled: boolean | undefined,
): boolean {
  if (parentBased && parentSampled !== undefined) return parentSampled
  if (ratio >= 1) return true
  let mixed = 0
  for (let at = 0; at < traceId.length; at += DIGITS)
    mixed ^= Number.parseInt(traceId.slice(at, at + DIGITS), 16)
  return mixed >>> 0 < Math.floor(ratio * MOST)
}
