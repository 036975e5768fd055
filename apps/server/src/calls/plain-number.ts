/** So many digits have a country: shorter ones are a carrier's own. */
export const LEAST_WITH_COUNTRY = 8

/**
 * A number as it is kept and looked for, however a carrier or an operator writes it: `+1 (555) 123-4567` and
 * `0015551234567` are `+15551234567`, and `4111 1111` is `41111111`. What is no number (`anonymous`, an address of SIP,
 * `client:desk`) stays as it is.
 */
export function plainNumber(text: string): string {
  const trimmed = text.trim()
  if (!/^\+?[\d\s().\-/]+$/.test(trimmed)) return trimmed
  const digits = trimmed.replaceAll(/\D/g, '')
  if (digits === '') return trimmed
  if (trimmed.startsWith('+')) return `+${digits}`
  const isInternational = digits.startsWith('00') && digits.length >= LEAST_WITH_COUNTRY
  return isInternational ? `+${digits.slice(2)}` : digits
}

/** As it is kept, and as it is written: calls of earlier versions have what their carrier wrote. */
export function spellingsOf(text: string): readonly string[] {
  return [...new Set([plainNumber(text), text])]
}

/** Digits alone that are too many for a carrier's own: most often a number that wants its `+`. */
export function lacksCountry(text: string): boolean {
  const plain = plainNumber(text)
  return /^\d+$/.test(plain) && plain.length >= LEAST_WITH_COUNTRY
}
