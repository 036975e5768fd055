import { createHash } from 'node:crypto'

/** Of the call, and of what is being said in it. */
const IDS_KEPT = 8

/** The trace of a call, 32 hex digits: whoever knows the call's id finds it. */
export function traceIdOf(callId: string): string {
  return digits(`kav call ${callId}`, 32)
}

/** A span of a trace, 16 hex digits. `key` as in `CallSpan`. */
export function spanIdOf(traceId: string, key: string): string {
  return digits(`${traceId} ${key}`, 16)
}

/** The same for the spans of one trace: of most of them another one is the parent. */
export function createSpanIds(traceId: string): (key: string) => string {
  const known = new Map<string, string>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const id = spanIdOf(traceId, key)
    // What lies in a part of the call is no parent, and its id is asked for once.
    if (!key.includes('/')) known.set(key, id)
    if (known.size > IDS_KEPT) for (const oldest of known.keys()) if (known.delete(oldest)) break
    return id
  }
}

function digits(text: string, count: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, count)
}
