/** Where a trace that somebody else began goes on: W3C Trace Context. */
export interface TraceParent {
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/

/** `undefined` for a text that is none. */
export function readTraceparent(text: string | undefined): TraceParent | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text?.trim().slice(0, 200) ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  // All zeros are none, and a version ff there will never be.
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId) || text?.trim().startsWith('ff')) return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

export function writeTraceparent({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
}
