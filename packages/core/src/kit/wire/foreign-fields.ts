import type { JsonMessage } from './json-message.ts'

/** A fortnight: no session is longer. */
const LONGEST_OFFSET_MS = 1_209_600_000

/** An offset in whole milliseconds, out of units of `unitMs` each (seconds: 1000). `undefined`: it is none. */
export function offsetMs(value: unknown, unitMs: number): number | undefined {
  if (typeof value !== 'number' || !(value >= 0)) return undefined
  const ms = Math.round(value * unitMs)
  return ms <= LONGEST_OFFSET_MS ? ms : undefined
}

/** A share, 0 to 1, such as a confidence. `undefined`: it is none. */
export function shareOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined
}

/**
 * A list of objects, each read. `undefined`: it is none, or empty, or `read` gave nothing for one of them, for a list
 * with a hole in it would be believed whole.
 */
export function wholeList<T>(
  value: unknown,
  read: (fields: JsonMessage) => T | undefined,
): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const all = value.map((one: unknown) =>
    typeof one === 'object' && one !== null ? read(one as JsonMessage) : undefined,
  )
  return all.every((one) => one !== undefined) ? all : undefined
}

/** The fields that have a value: what a contract says may be absent is not there as `undefined`. */
export function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}
