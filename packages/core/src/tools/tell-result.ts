import { isError, messageOf } from '../contracts/errors.ts'

/** Longest answer of a code tool that the model is told. */
const MAX_ANSWER_BYTES = 16_384
/** Writing more than this as JSON, only to cut it, would hold up every call of the process. */
const MAX_WRITTEN_CHARS = 1_000_000

/**
 * What the model is told of what a tool resolved with: a text as it is, anything else as JSON. A tool that resolved has
 * done what it was asked, so that nothing is done a second time because its result could not be written.
 */
export function tellResult(result: unknown): string {
  const text = textOf(result)
  if (text.trim() === '') return 'Done.'
  // No character takes less than a byte.
  const bytes = Buffer.from(text.slice(0, MAX_ANSWER_BYTES + 1))
  if (bytes.byteLength <= MAX_ANSWER_BYTES) return text
  const kept = new TextDecoder().decode(bytes.subarray(0, MAX_ANSWER_BYTES), { stream: true })
  return `${kept}\n[cut: the answer is longer than ${MAX_ANSWER_BYTES} bytes]`
}

function textOf(result: unknown): string {
  if (typeof result === 'string' || typeof result === 'bigint') return String(result)
  return toJson(result)
}

function toJson(result: unknown): string {
  let leftChars = MAX_WRITTEN_CHARS
  const counted = (_key: string, value: unknown): unknown => {
    leftChars -= leastChars(value)
    if (leftChars < 0) throw new RangeError()
    return plainOf(value)
  }
  try {
    counted('', result)
    // Undefined for undefined, a function or a symbol: there is nothing to tell.
    const text: string | undefined = JSON.stringify(result, counted)
    return text ?? ''
  } catch {
    return leftChars < 0
      ? `Done, but its result is longer than ${MAX_WRITTEN_CHARS} characters.`
      : 'Done, but its result cannot be written as JSON.'
  }
}

/** What JSON has no form for, or an empty one: ids of databases, collections, and errors among other results. */
function plainOf(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, of]) => [String(key), of as unknown]))
  if (value instanceof Set) return [...(value as Set<unknown>)]
  return isError(value) ? messageOf(value) : value
}

/** Of a value by itself, before it is gone into: bytes among its own are written out as one list of numbers. */
function leastChars(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 1
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (Array.isArray(value) && value.length > MAX_WRITTEN_CHARS) return value.length
  if (value instanceof Map || value instanceof Set) return value.size + 1
  let chars = 1
  for (const own of Object.values(value)) if (ArrayBuffer.isView(own)) chars += own.byteLength
  return chars
}
