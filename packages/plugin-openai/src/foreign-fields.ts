/** Longer texts are nothing that a person or an agent said in one turn. */
export const MAX_TEXT_CHARS = 100_000

/** A text of at most `MAX_TEXT_CHARS`; `undefined` for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= MAX_TEXT_CHARS ? value : undefined
}

/** A count of tokens or seconds; 0 for anything else. */
export function countOf(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : 0
}

/** The fields of a value that should be an object; none of anything else. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
