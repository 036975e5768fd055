import { isCounted } from '../../rules/code-cue.ts'
import { figuresOf } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, numberWords, ordinal, saysAnd } from '../numbers/numbers.ts'

/** `21st`, `1,000th`; "11st" is none. */
const ordinals: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<number>\d[\d,]{0,15})(?<suffix>st|nd|rd|th)(?![\p{L}\p{N}_])/giu,
  say({ number, suffix }, { region }) {
    const figures = figuresOf(number!)
    if (!figures) return undefined
    const words = ordinal(figures.whole, saysAnd(region))
    return words.endsWith(suffix!.toLowerCase()) ? words : undefined
  },
}

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

/** `½`, `1½` */
const signs: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/-])(?<whole>\d{1,4})? ?(?<sign>[½⅓⅔¼¾⅕⅖⅗⅘⅛⅜⅝⅞])(?![\p{L}\p{N}_])/gu,
  say({ whole, sign }, { before }) {
    const [above, below] = SIGNS[sign!]!
    const words = mixedWords(whole, fractionWords(above, below))
    return whole === undefined && /\S $/u.test(before) === false && /\S$/u.test(before) ? ` ${words}` : words
  },
}

/** `2 1/2`, `3/4`. Others, such as "4/5 stars", may be marks, and so may a day and its month. */
const fractions: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?:(?<whole>\d{1,4})[ -])?(?<above>\d{1,2})\/(?<below>2|3|4|5|8|10|16)(?![\p{L}\p{N}_/:%-]|[.,]\d)/gu,
  say({ whole, above, below }) {
    const one = Number(above)
    if (one === 0 || one >= Number(below)) return undefined
    if (whole === undefined && (Number(below) > 4 || (below === '4' && one === 2))) return undefined
    return mixedWords(whole, fractionWords(one, Number(below)))
  },
}

/** `24/7` */
const always: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])24\/7(?![\p{L}\p{N}_/:-])/gu,
  say: () => 'twenty-four seven',
}

/** `3-5 days`, `10–12 people`: rising, and what is counted behind. "3-2" is a score. */
const ranges: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪#*-])(?<from>\d[\d,]{0,9}(?:\.\d{1,3})?) ?[-–—] ?(?<to>\d[\d,]{0,9}(?:\.\d{1,3})?)(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ from, to }, { region, whole, before, after }) {
    const low = figuresOf(from!)
    const high = figuresOf(to!)
    if (!low || !high || low.whole >= high.whole) return whole
    const counts =
      /^ \p{L}{2}/u.test(after) ||
      /(?:^|[\s(])(?:pages?|ages?|aged|rooms?|floors?|questions?|steps?|between|from|chapters?)\s$/iu.test(
        before,
      )
    return counts ? `${numberWords(from!, region)!} to ${numberWords(to!, region)!}` : whole
  },
}

/** `1.2.3`, `3-2`, `10:30:1`, `12/345`: versions, scores and the like stand as they are. */
const compound: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_])\d{1,40}(?:[.,:/-]\d{1,40}){1,20}(?![\p{L}\p{N}_])/gu,
  say: (_groups, { whole }) => (figuresOf(whole) ? undefined : whole),
}

/** `#5`: behind a word of pressing it is a key. */
const hashed: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_#&])#(?<number>\d{1,3})(?![\p{L}\p{N}_:/%#*-]|[.,]\d)/gu,
  say({ number }, { before, region }) {
    if (/(?:press|dial|enter|type|push|key|hit|then|or|and)\s$/iu.test(before)) return undefined
    const words = numberWords(number!, region)
    return words === undefined ? undefined : /number\s$/iu.test(before) ? words : `number ${words}`
  },
}

/** `24-hour`, `30-day` */
const hyphened: SpokenRule = {
  pattern: /(?<=^|[\s("“])(?<number>\d{1,4})(?=-\p{Ll}{3,20}(?![\p{L}\p{N}_-]))/gu,
  say: ({ number }, { region }) => numberWords(number!, region),
}

/** Said digit by digit, or not, by who hears them. */
const EMERGENCY = new Set(['911', '999', '112'])

/** Any other number that stands by itself. */
const numbers: SpokenRule = {
  pattern:
    /(?<=^|[\s("“‘'«[~≈<>≤≥±])(?<sign>[-−](?=\d))?(?<number>\d[\d,]{0,25}(?:\.\d{1,15})?)(?<plus>\+)?(?=$|[\s)"”’'»\]…!?;:,]|\.(?:$|[\s)"”’'»]))/gu,
  say({ sign = '', number, plus }, { before, after, whole, region }) {
    const bare = number!.replace(/,$/u, '')
    const figures = figuresOf(bare)
    if (!figures) return undefined
    // "1 234" may be one number, "10 -5" a sum.
    if (/\p{N} $/u.test(before) || /^ \p{N}/u.test(after)) return whole
    // So many digits may be a code: nobody says what they count.
    if (/^\d{5,}$/u.test(bare) && !isCounted(after)) return whole
    if (EMERGENCY.has(bare)) return whole
    const words = numberWords(sign + bare, region)
    return words === undefined ? undefined : words + (plus ? ' plus' : '') + number!.slice(bare.length)
  },
}

export const FRACTIONS = [signs, always, fractions]
export const COUNTS = [ordinals, ranges, compound, hyphened, hashed, numbers]
