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

/** How many digits of a number that may become a card are shown: what the card industry lets anybody see. */
export const SHOWN_DIGITS = 6
/** A number of so many digits is shown whole, until more follow. */
const UNSUSPECTED_DIGITS = 8

/** Whether so many digits, to which more may come, must be taken for the beginning of a card. */
export function mayBecomeCard(all: string): boolean {
  return all.length > UNSUSPECTED_DIGITS && /^[2-6]/.test(all)
}

/** As long as a card, and begins like one: a card that was misheard. */
export function looksLikeCard(all: string): boolean {
  return all.length >= LEAST && all.length <= MOST && /^[2-6]/.test(all)
}
