/** What of a call's private texts is hidden before anybody but the model and its tools sees them. */
export interface RedactionSettings {
  readonly cards: boolean
  readonly phones: boolean
  readonly emails: boolean
  readonly nationalIds: boolean
  /** Entries of keys that nobody may read: none, those of three keys and more, all. */
  readonly secretKeys: 'none' | 'long' | 'all'
  /** Patterns of the operator (RE2), by the name that stands in place of what fits. */
  readonly words: Readonly<Record<string, string>>
}

/** What stands in a text in place of each. */
export const PLACEHOLDERS = {
  card: '[card]',
  digits: '[digits]',
  phone: '[phone]',
  email: '[email]',
  national_id: '[national id]',
} as const

/** A kind of Kav's own, `key`, or the name of a pattern of the operator's. */
export type RedactedKind = string

/** Stands for one secret key. */
export const HIDDEN_KEY = '•'

export function placeholderOf(kind: RedactedKind): string {
  return (PLACEHOLDERS as Readonly<Record<string, string>>)[kind] ?? `[${kind}]`
}

/** A stretch of a text that must not be seen. */
export interface PrivateSpan {
  readonly start: number
  readonly end: number
  readonly kind: RedactedKind
}
