import { createHash } from 'node:crypto'

/** The trace of a call, 32 hex digits: whoever knows the call's id finds it. */
export function traceIdOf(callId: string): string {
  return createHash('sha256').update(`kav call ${callId}`).digest('hex').slice(0, 32)
}

/** FNV-1a: 32 bits of offset and prime. http://www.isthe.com/chongo/tech/comp/fnv/ */
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193
/** So that the two halves of an id are not the same. */
const SECOND_HALF = 0x9e3779b9

/**
 * A span of a trace, 16 hex digits, never all zero. `key` as in `CallSpan`. Two spans of a trace differ by their keys
 * alone, so a plain hash of 64 bits is enough, and takes a twentieth of the time of one for secrets.
 */
export function spanIdOf(traceId: string, key: string): string {
  let [high, low] = [FNV_OFFSET, FNV_OFFSET ^ SECOND_HALF]
  for (let at = 0; at < traceId.length; at++) {
    const code = traceId.charCodeAt(at)
    high = Math.imul(high ^ code, FNV_PRIME)
    low = Math.imul(low ^ code, FNV_PRIME)
  }
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at)
    high = Math.imul(high ^ code, FNV_PRIME)
    low = Math.imul(low ^ (code + at), FNV_PRIME)
  }
  return hex(spread(high) || 1) + hex(spread(low))
}

/** Every bit of a hash bears on every other: the last step of MurmurHash3, public domain. */
function spread(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

const hex = (word: number): string => word.toString(16).padStart(8, '0')
