import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { isMeasuring, numberWords } from '../numbers/numbers.ts'
import { unitNames } from './unit-names.ts'

const LENGTHS = new Set('millimeter centimeter meter kilometer inch foot yard mile'.split(' '))

/** `30x20x10 cm`, `4×6`, `2 x 3 m`, `3 ft x 4 ft`, `2" x 4"`; with spaces and no unit it is a product. */
const sides: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪*-])(?<one>\d{1,5}(?:\.\d{1,3})?)(?<oneUnit> ?(?:\p{Ll}{1,2}|["”″]))?(?<space> ?)[x×X] ?(?<two>\d{1,5}(?:\.\d{1,3})?)(?<twoUnit> ?(?:\p{Ll}{1,2}(?= ?[x×X] ?\d)|["”″]))?(?: ?[x×X] ?(?<three>\d{1,5}(?:\.\d{1,3})?))?(?:(?<gap>[ -]?)(?<unit>\p{Ll}{1,4}|["”″]))?(?![\p{L}\p{N}_²³⁰-⁹"”″]|[.,:/]\d)/gu,
  say(groups, { before, after, region, whole }) {
    const { one, oneUnit, space, two, twoUnit, three, gap, unit } = groups
    if (one === '24' && two === '7' && three === undefined && space === '') return 'twenty-four seven'
    const last = unitNames((unit ?? twoUnit ?? '').trim())
    const first = unitNames((oneUnit ?? '').trim())
    // "0x1f" is no size.
    if ((oneUnit !== undefined && !first) || (one === '0' && space === '')) return undefined
    if (unit !== undefined && gap === '' && !last) return undefined
    if (space !== '' && !last && !first) return undefined
    const numbers = [one, two, three].flatMap((number) =>
      number === undefined ? [] : [numberWords(number, region)],
    )
    if (numbers.includes(undefined)) return whole
    // "2x500 mg", "1 x 23 kg" are so many of it.
    if (last && !LENGTHS.has(last[0]))
      return `${numbers.join(' times ')} ${last[isMeasuring(before, after) ? 0 : 1]}`
    const single = isMeasuring(before, after) || numbers.at(-1) === 'one'
    const tail = last ? ` ${last[single ? 0 : 1]}` : unit === undefined ? '' : `${gap!}${unit}`
    const said = first && last ? numbers.map((number) => `${number} ${first[1]}`).join(' by ') : undefined
    return said ?? numbers.join(' by ') + tail
  },
}

const NO_NOUN = /^ (?:and|or|is|was|are|were|to|for|from|with|on|in|at|then|but|if)\b/u

/** `a 12" pizza`, `1/2" bolts`: a quotation that is open may as well end here. */
const inches: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/'’-])(?<number>\d{1,3}(?:\.\d{1,2})?)["”″](?![\p{L}\p{N}_"”″])/gu,
  say({ number }, { before, after, region }) {
    if (/["“”]/u.test(before)) return undefined
    const words = numberWords(number!, region)
    if (words === undefined) return undefined
    if (/^ \p{Ll}{3}/u.test(after) && !NO_NOUN.test(after)) return `${words}-inch`
    return `${words} inch${number === '1' ? '' : 'es'}`
  },
}

/** `5 ft. 3 in.`, `6 ft 2 in` */
const feetAndInches: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<feet>\d{1,2}) ?(?:ft\.?|feet|foot) (?<inches>\d{1,2}) ?in(?:(?<stop>\.)|ch(?:es)?)?(?![\p{L}\p{N}_-])/gu,
  say({ feet, inches, stop }, { after, region }) {
    const ends = stop !== undefined && !/^ \p{Ll}|^,/u.test(after) ? '.' : ''
    const unit = inches === '1' ? 'inch' : 'inches'
    return `${numberWords(feet!, region)!} ${feet === '1' ? 'foot' : 'feet'} ${numberWords(inches!, region) ?? inches!} ${unit}${ends}`
  },
}

export const SIZES = [feetAndInches, sides, inches]
