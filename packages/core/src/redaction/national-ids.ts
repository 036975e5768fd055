import { matchesOf } from '../language/patterns/matches-of.ts'
import type { NumberRun } from './number-runs.ts'
import type { PrivateSpan } from './redaction-settings.ts'

const KIND = 'national_id'
/** Said in the same breath, it makes any nine digits a social security number. */
const SOCIAL_SECURITY = /\bssn\b|\bsocial\b/i

/** Social security numbers of the United States, and identity numbers of Israel with the digit that checks them. */
export function nationalIdsIn(text: string, runs: readonly NumberRun[]): PrivateSpan[] {
  // Looked for once at most, however many numbers there are.
  let named: boolean | undefined
  const isNamed = (): boolean => (named ??= SOCIAL_SECURITY.test(text))
  return runs.flatMap(({ tokens }) => {
    const found: PrivateSpan[] = []
    for (let first = 0; first < tokens.length; first++) {
      let digits = ''
      let last = first
      while (last < tokens.length && digits.length < 9) digits += tokens[last++]!.digits
      if (digits.length !== 9 || !isId(tokens.slice(first, last), digits, isNamed)) continue
      found.push({ start: tokens[first]!.start, end: tokens[last - 1]!.end, kind: KIND })
      first = last - 1
    }
    return found
  })
}

function isId(tokens: NumberRun['tokens'], digits: string, isNamed: () => boolean): boolean {
  if (isIsraeliId(digits)) return true
  if (!isSocialSecurity(digits)) return false
  const lengths = tokens.map((token) => token.digits.length)
  // Read out digit by digit, or as it is written.
  return lengths.every((length) => length <= 2) || lengths.join() === '3,2,4' || isNamed()
}

function isSocialSecurity(digits: string): boolean {
  return /^(?!000|666|9)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}$/.test(digits)
}

function isIsraeliId(digits: string): boolean {
  if (/^0{5}/.test(digits)) return false
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const weighed = Number(digits[at]) * (at % 2 === 0 ? 1 : 2)
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}

const LEAST_IBAN = 15
const MOST_IBAN = 34
const IBAN_BEGINS = /(?<![A-Za-z0-9])[A-Za-z][ -]?[A-Za-z][ -]?[0-9][ -]?[0-9]/g

/** International bank account numbers: the check is ISO 7064 (mod 97). */
export function ibansIn(text: string): PrivateSpan[] {
  const found: PrivateSpan[] = []
  let free = 0
  for (const { index } of matchesOf(text, IBAN_BEGINS)) {
    const end = index < free ? undefined : ibanEnd(text, index)
    if (end === undefined) continue
    found.push({ start: index, end, kind: KIND })
    free = end
  }
  return found
}

/** The longest that checks. */
function ibanEnd(text: string, start: number): number | undefined {
  let characters = ''
  let end: number | undefined
  for (let at = start; at < text.length && characters.length <= MOST_IBAN; at++) {
    const character = text[at]!
    if (/[A-Za-z0-9]/.test(character)) characters += character.toUpperCase()
    else if (!/[ -]/.test(character)) break
    const goesOn = /[A-Za-z0-9]/.test(text.charAt(at + 1))
    if (!goesOn && characters.length >= LEAST_IBAN && isIban(characters)) end = at + 1
  }
  return end
}

function isIban(characters: string): boolean {
  if (characters.length > MOST_IBAN) return false
  let rest = 0
  for (const character of characters.slice(4) + characters.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}
