/** Digits in tokens, as they were said. */
export interface Digits {
  readonly all: string
  /** Where each token begins; behind the last one, the length of all. */
  readonly borders: readonly number[]
}

const LEAST = 13
const MOST = 19

export function joinDigits(tokens: readonly string[]): Digits {
  const borders = [0]
  for (const token of tokens) borders.push(borders.at(-1)! + token.length)
  return { all: tokens.join(''), borders }
}

/**
 * Whether a card number begins or ends where a token does and reaches behind `from`; `whole`: it does both. Gives the
 * first and last index of what it covers.
 */
export function cardIn(
  digits: Digits,
  from: number,
  whole: boolean,
): { from: number; to: number } | undefined {
  const { all, borders } = digits
  if (all.length < LEAST) return undefined
  let found: { from: number; to: number } | undefined
  const take = (start: number, end: number): void => {
    if (start < 0 || end > all.length || end <= from || !isCard(all, start, end)) return
    found = { from: Math.min(found?.from ?? start, start), to: Math.max(found?.to ?? end, end) }
  }
  const isBorder = new Set(borders)
  for (const border of borders) {
    for (let length = LEAST; length <= MOST; length++) {
      if (!whole || isBorder.has(border + length)) take(border, border + length)
      if (!whole) take(border - length, border)
    }
  }
  return found
}

/** ISO/IEC 7812: 13 to 19 digits, the last of which checks the others. */
function isCard(all: string, start: number, end: number): boolean {
  // No issuer begins with 0; 13 digits with 1 in front are milliseconds of a date.
  if (all[start] === '0' || (all[start] === '1' && end - start === LEAST)) return false
  let sum = 0
  for (let at = end - 1, double = false; at >= start; at--, double = !double) {
    const digit = all.charCodeAt(at) - 0x30
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
  }
  return sum % 10 === 0
}

/** 4: Visa. 51 to 55, 2221 to 2720: Mastercard. 34, 37: American Express. 36, 38: Diners. 60, 64, 65: Discover. 62: UnionPay. */
const SURE = /^(?:4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|6[0245]|3[04678])/
const LENGTHS: Readonly<Record<string, number>> = { 34: 15, 37: 15, 30: 14, 36: 14, 38: 14 }

/** How long a card is that begins so, of those that most people have; `undefined`: none of them does. */
export function lengthOfCard(begin: string): number | undefined {
  return SURE.test(begin) ? (LENGTHS[begin.slice(0, 2)] ?? 16) : undefined
}

/** Whether the digits are the number of a card as most people have one: by its beginning, its length and its check. */
export function isKnownCard(digits: string): boolean {
  return lengthOfCard(digits) === digits.length && isCard(digits, 0, digits.length)
}

/** Behind a card, with nothing in between: its code, its date, or both. */
const BEHIND_CARD =
  /^(?:[0-9]{3}|(?:(?:0[1-9]|1[0-2])(?:20)?[2-4][0-9]|(?:20)?[2-4][0-9](?:0[1-9]|1[0-2]))(?:[0-9]{3,4})?)$/

/** Whether digits may be what stands behind a card: nothing, its code, its date. */
export function mayFollowCard(digits: string): boolean {
  return digits === '' || BEHIND_CARD.test(digits)
}

/** A card with its date and its code as one number. */
export function isGluedCard(digits: string): boolean {
  const length = lengthOfCard(digits)
  return (
    length !== undefined && isKnownCard(digits.slice(0, length)) && BEHIND_CARD.test(digits.slice(length))
  )
}

/** How many digits of a number that may become a card are shown: what the card industry lets anybody see. */
export const SHOWN_DIGITS = 6
/** A number of so many digits is shown whole, until more follow. */
const UNSUSPECTED_DIGITS = 8

/**
 * Where digits begin that must be taken for the beginning of a card, if more may come: at the first border behind which
 * so many follow.
 */
export function cardMayBegin({ all, borders }: Digits): number | undefined {
  return borders.find((border) => all.length - border > UNSUSPECTED_DIGITS && /^[2-6]/.test(all[border]!))
}

/** As long as a card, and begins like one: a card that was misheard. */
export function looksLikeCard(all: string): boolean {
  return all.length >= LEAST && all.length <= MOST && /^[2-6]/.test(all)
}
