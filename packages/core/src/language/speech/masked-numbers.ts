import { matchesOf } from '../patterns/matches-of.ts'

const LAST_DIGITS = /(?<=[*•●xX][ -]?)\d{2,4}(?![\d*])/gu
const SIGNS = '*•●xX -'
/** As long as the longest number of a card or an account. */
const MAX_MASK_CHARS = 40
/** So many signs at the least stand for digits: two may be emphasis. */
const MASK = /^-{0,3}(?:[*•●]{3}|X{3}|x{3})/u

/**
 * `**** **** **** 4242`, `•••• 4242`, `XXXX-4242`: of a number that is hidden the last digits, one by one. Its signs
 * would go as emphasis, and leave four thousand two hundred forty-two.
 */
export function sayMaskedNumbers(text: string): string {
  let said = ''
  let from = 0
  for (const { 0: digits, index } of matchesOf(text, LAST_DIGITS)) {
    let start = index
    while (start > from && index - start < MAX_MASK_CHARS && SIGNS.includes(text[start - 1]!)) start--
    // What parts it from the word before.
    while (text[start] === ' ') start++
    const isWord = /[\p{L}\p{N}]/u.test(text[start - 1] ?? '')
    if (isWord || !MASK.test(text.slice(start, index))) continue
    said += text.slice(from, start) + [...digits].join(' ')
    from = index + digits.length
  }
  return said + text.slice(from)
}
