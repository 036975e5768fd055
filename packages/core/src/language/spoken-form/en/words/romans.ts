import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, ordinal } from '../numbers/numbers.ts'

const VALUES: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50 }

/** `undefined`: nobody writes a number so. */
function romanValue(written: string): number | undefined {
  if (!/^L?X{0,3}(?:IX|IV|V?I{0,3})$|^X[LC]?(?:IX|IV|V?I{0,3})$/u.test(written)) return undefined
  const values = [...written].map((letter) => VALUES[letter] ?? 100)
  return values.reduce((sum, value, at) => sum + (value < (values[at + 1] ?? 0) ? -value : value), 0)
}

/** `Chapter IV`, `World War II`: what is numbered says that it is a number. `I` alone is a word. */
const numbered: SpokenRule = {
  pattern:
    /(?<=(?<![\p{L}])(?:[Cc]hapter|[Pp]art|[Pp]hase|[Ss]tage|[Vv]olume|[Ss]ection|[Aa]rticle|[Tt]itle|[Tt]ype|[Cc]lass|[Ll]evel|[Ss]chedule|[Ww]orld [Ww]ar|[Ss]uper [Bb]owl|Rocky) )(?<roman>[IVXL]{1,8})(?![\p{L}\p{N}_'’.-]\p{L}|[\p{L}\p{N}_'’])/gu,
  say({ roman }, { after }) {
    if (roman === 'I' && /^ \p{Ll}/u.test(after)) return undefined
    const number = romanValue(roman!)
    return number === undefined ? undefined : cardinal(number)
  },
}

/** `Queen Elizabeth II` */
const ruler: SpokenRule = {
  pattern:
    /(?<=(?<![\p{L}])(?:(?:King|Queen|Pope|Emperor|Tsar|Czar|Prince|Sultan) \p{Lu}\p{Ll}{2,12}(?: \p{Lu}\p{Ll}{2,12})?|Henry|Elizabeth|Charles|George|William|Edward|Louis|Richard|John Paul|Benedict|Philip|Frederick|Catherine) )(?<roman>[IVX]{1,5})(?![\p{L}\p{N}_'’.-]\p{L}|[\p{L}\p{N}_])/gu,
  say({ roman }) {
    const number = romanValue(roman!)
    return number === undefined ? undefined : `the ${ordinal(number)}`
  },
}

export const ROMANS = [ruler, numbered]
