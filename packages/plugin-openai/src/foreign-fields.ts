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

/** A fault that a server describes in its own words: the fields of it that are texts, a numeric code as one. */
export interface ServerFault {
  readonly message?: string | undefined
  readonly code?: string | undefined
  readonly type?: string | undefined
}

/** `error` as it was sent, whatever it is. */
export function serverFaultOf(error: unknown): ServerFault {
  const { message, code, type } = fieldsOf(error)
  return {
    message: textOf(message),
    code: typeof code === 'number' ? String(code) : textOf(code),
    type: textOf(type),
  }
}
