import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, ordinal } from '../numbers/numbers.ts'

const ROMAN: Readonly<Record<string, number>> = {
  I: 1,
  II: 2,
  III: 3,
  IV: 4,
  V: 5,
  VI: 6,
  VII: 7,
  VIII: 8,
  IX: 9,
  X: 10,
  XI: 11,
  XII: 12,
  XIII: 13,
  XIV: 14,
  XV: 15,
  XVI: 16,
  XVII: 17,
  XVIII: 18,
  XIX: 19,
  XX: 20,
  XXI: 21,
}

/** `Chapter IV`, `World War II`: what is numbered says that it is a number. `I` alone is a word. */
const numbered: SpokenRule = {
  pattern:
    /(?<=(?<![\p{L}])(?:[Cc]hapter|[Pp]art|[Pp]hase|[Ss]tage|[Vv]olume|[Ss]ection|[Aa]rticle|[Tt]itle|[Tt]ype|[Cc]lass|[Ll]evel|[Ss]chedule|[Ww]orld [Ww]ar|[Ss]uper [Bb]owl|Rocky) )(?<roman>[IVX]{1,5})(?![\p{L}\p{N}_'’.-]\p{L}|[\p{L}\p{N}_'’])/gu,
  say({ roman }, { after }) {
    if (roman === 'I' && /^ \p{Ll}/u.test(after)) return undefined
    const number = ROMAN[roman!]
    return number === undefined ? undefined : cardinal(number)
  },
}

/** `Queen Elizabeth II` */
const ruler: SpokenRule = {
  pattern:
    /(?<=(?<![\p{L}])(?:King|Queen|Pope|Emperor|Tsar|Czar|Prince|Sultan) \p{Lu}\p{Ll}{2,12}(?: \p{Lu}\p{Ll}{2,12})? )(?<roman>[IVX]{1,5})(?![\p{L}\p{N}_'’.-]\p{L}|[\p{L}\p{N}_])/gu,
  say({ roman }) {
    const number = ROMAN[roman!]
    return number === undefined ? undefined : `the ${ordinal(number)}`
  },
}

export const ROMANS = [ruler, numbered]
