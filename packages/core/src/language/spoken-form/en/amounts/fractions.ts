import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, ordinal } from '../numbers/numbers.ts'
import { unitNames } from './unit-names.ts'

const SIGNS: Readonly<Record<string, readonly [above: number, below: number]>> = {
  '½': [1, 2],
  '⅓': [1, 3],
  '⅔': [2, 3],
  '¼': [1, 4],
  '¾': [3, 4],
  '⅕': [1, 5],
  '⅖': [2, 5],
  '⅗': [3, 5],
  '⅘': [4, 5],
  '⅛': [1, 8],
  '⅜': [3, 8],
  '⅝': [5, 8],
  '⅞': [7, 8],
}

function fractionWords(above: number, below: number): string {
  if (below === 2) return above === 1 ? 'half' : `${cardinal(above)} halves`
  const parts = below === 4 ? 'quarter' : ordinal(below)
  return `${cardinal(above)} ${parts}${above === 1 ? '' : 's'}`
}

function mixedWords(whole: string | undefined, fraction: string): string {
  const alone = fraction === 'half' ? 'one half' : fraction
  if (whole === undefined) return alone
  return `${cardinal(Number(whole))} and ${fraction === 'half' ? 'a half' : fraction.replace(/^one /u, 'a ')}`
}

/** What is measured: ` hrs`, ` in.`, `"`, `%`; other words as they stand. */
function behindWords(written: string | undefined, isAlone: boolean, after: string): string {
  if (written === undefined) return ''
  if (written.trim() === '%') return ' percent'
  const bare = written.replace(/^[ -]|\.$/gu, '')
  const names = unitNames(bare)
  if (!names || (bare === 'in' && !written.endsWith('.'))) return written
  const ends = written.endsWith('.') && !/^ \p{Ll}|^,/u.test(after) ? '.' : ''
  const isSingle = isAlone || written.startsWith('-')
  return `${written.startsWith('-') ? '-' : ' '}${names[isSingle ? 0 : 1]}${ends}`
}

/** `½`, `1½`, `2½ hrs` */
const signs: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/-])(?<whole>\d{1,4})? ?(?<sign>[½⅓⅔¼¾⅕⅖⅗⅘⅛⅜⅝⅞])(?<unit>[ -]?(?:\p{L}{1,4}\.?|["”″%])(?![\p{L}\p{N}_"”″]))?(?![\p{L}\p{N}_])/gu,
  say({ whole, sign, unit }, { before, after }) {
    const [above, below] = SIGNS[sign!]!
    const words =
      mixedWords(whole, fractionWords(above, below)) + behindWords(unit, whole === undefined, after)
    return whole === undefined && /\S $/u.test(before) === false && /\S$/u.test(before) ? ` ${words}` : words
  },
}

/** In eighths and sixteenths something is measured: `7/8 inch`, `5/8"`. */
const MEASURED = /^(?:["”″]| (?:in\.|inch|mile|cup|yard|of an?\b|full\b|empty\b))/u

/** `2 1/2`, `3/4`, `6-1/2 hrs`. Others, such as "4/5", may be marks, and so may a day and its month. */
const fractions: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?:(?<whole>\d{1,4})[ -])?(?<above>\d{1,2})\/(?<below>2|3|4|5|8|10|16|32)(?!\d)(?<unit>[ -]?(?:\p{L}{1,4}\.?|["”″%])(?![\p{L}\p{N}_"”″]))?(?![\p{L}\p{N}_/:%-]|[.,]\d)/gu,
  say({ whole, above, below, unit }, { after }) {
    const one = Number(above)
    if (one === 0 || one >= Number(below)) return undefined
    const isSmall = Number(below) > 4 || (below === '4' && one === 2)
    if (whole === undefined && isSmall && !MEASURED.test((unit ?? '') + after)) return undefined
    return (
      mixedWords(whole, fractionWords(one, Number(below))) + behindWords(unit, whole === undefined, after)
    )
  },
}

export const FRACTIONS = [signs, fractions]
