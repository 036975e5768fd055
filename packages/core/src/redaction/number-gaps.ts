/** What may stand between the digits of one number: signs, but no money, share or address. */
const LOOSE = /^(?:(?![\p{Sc}%‰@])[\s\p{P}\p{S}\p{Cf}])*$/u
/** Behind it a number may go on, when it is broken by a word or two; not behind more. */
export const MOST_BETWEEN = 8
/** More than that: two numbers. */
export const APART = 100
/** Hours and minutes have one colon between them, hours to seconds two. */
const MANY_COLONS = /(?:\p{Nd}{1,4}:){4,}\p{Nd}/u

/** Whether colons part the digits of one number, so that they are no time's. */
export function hasManyColons(text: string): boolean {
  return MANY_COLONS.test(text)
}

/**
 * What parts two groups of digits, counted in words: 0, nothing that a number does not have in it; 1 for a sign that
 * it has not; `APART` for the colon of a time.
 */
export function signsBetween(
  gap: string,
  before: string,
  after: string,
  hasManyColons: () => boolean,
): number {
  if (!LOOSE.test(gap)) return 1
  const isTime = gap.includes(':') && before.length < 3 && after.length < 3 && !hasManyColons()
  return isTime ? APART : 0
}

export function isLoose(gap: string): boolean {
  return LOOSE.test(gap)
}

/** Blanks and the like as others write them. */
const ESCAPED_GAP =
  /%(?:20|09|0[AaDd]|2[BbCcDd]|[Cc]2%[Aa]0)|\\(?:[nrt]|u(?:00[Aa]0|20[0-9a-fA-F]{2}|000[aAdD9]))|&(?:nbsp|[a-z]{1,4}sp|#160|#x[aA]0);|<br ?\/?>/g
const ESCAPED_DIGIT = /(?:%3|&#x3|\\u003)([0-9]);?/g

/** The same text, as long as it was, with blanks in place of those that are written in another way. */
export function withoutEscapes(text: string): string {
  if (!/[%\\&<]/.test(text)) return text
  return text
    .replace(ESCAPED_GAP, (found) => ' '.repeat(found.length))
    .replace(ESCAPED_DIGIT, (found, digit: string) => digit.padStart(found.length, '\u200b'))
}
