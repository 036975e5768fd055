import { createHash } from 'node:crypto'

/** The trace of a call, 32 hex digits: whoever knows the call's id finds it. */
export function traceIdOf(callId: string): string {
  return digits(`kav call ${callId}`, 32)
}

/** A span of a trace, 16 hex digits. `key` as in `CallSpan`. */
export function spanIdOf(traceId: string, key: string): string {
  return digits(`${traceId} ${key}`, 16)
}

function digits(text: string, count: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, count)
}
