import { WrongUse } from '../wrong-use.ts'

/** So many digits have a country: shorter ones are a carrier's own. */
const LEAST_WITH_COUNTRY = 8

/**
 * A number as carriers write it: `+1 (555) 123-4567` is meant for `+15551234567`. What is no number (`anonymous`, an
 * address of SIP) stays as it is. Throws for one without its country: nobody would be found by it.
 */
export function meantNumber(option: string, text: string): string {
  const trimmed = text.trim()
  if (!/^\+?[\d\s().\-/]+$/.test(trimmed)) return trimmed
  const digits = trimmed.replaceAll(/\D/g, '')
  if (trimmed.startsWith('+')) return `+${digits}`
  if (digits.startsWith('00')) return `+${digits.slice(2)}`
  if (digits.length < LEAST_WITH_COUNTRY) return digits
  throw new WrongUse(`${option} ${text}: write it with + and its country, as +15551234567`)
}
