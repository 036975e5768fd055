import { isCounted } from '../../rules/code-cue.ts'
import { figuresOf } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { numberWords, ordinal, rangeWord, saysAnd } from '../numbers/numbers.ts'

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
    return counts ? `${numberWords(from!, region)!} ${rangeWord(before)} ${numberWords(to!, region)!}` : whole
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
  pattern: /(?<=^|[\s("“])(?<number>\d{1,4})(?=-\p{Ll}{3,20}(?:-\p{Ll}{3,20})?(?![\p{L}\p{N}_-]))/gu,
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
    // "8(1)" and "1'234" are one.
    if (/[\p{L}\p{N})]\($|\p{N}['’]$/u.test(before) || /^['’,]\p{N}/u.test(after)) return whole
    const words = numberWords(sign + bare, region)
    return words === undefined ? undefined : words + (plus ? ' plus' : '') + number!.slice(bare.length)
  },
}

export const COUNTS = [ordinals, ranges, compound, hyphened, hashed, numbers]
