import { type Figures, figuresOf } from '../../rules/figures.ts'
import type { Place, SpokenRule } from '../../rules/spoken-rule.ts'
import { figureWords, isMeasuring, isOne, numberWords, rangeWord, saysAnd } from '../numbers/numbers.ts'
import { unitNames } from './unit-names.ts'

/** Whether a unit straight behind its number may be something else: `5m` millions, `5G` a network, `9W` a route. */
function isMisread(unit: string, amount: string, { before, after }: Place): boolean {
  const isName =
    /(?:^|\s)(?:seat|gate|room|route|highway|size|exit|bus|line|platform|unit|flat|no\.)\s$/iu.test(before)
  if (isName) return true
  if (unit === 'm')
    return !amount.includes('.') || !/^ (?:tall|long|wide|high|deep|away|by|from|of)\b/u.test(after)
  if (unit === 'h') return /(?:^|\s)(?:at|from|until|till|by)\s$/iu.test(before)
  if (unit === 'g') return /^\d$/u.test(amount)
  // "5W-30" is an oil.
  return /^-\d/u.test(after)
}

/** Apart it is a word. */
function isWord(unit: string, after: string): boolean {
  if (unit === 'in') return !/^ (?:long|wide|tall|high|deep|thick|across)\b/u.test(after)
  return unit === 'A' || unit === 'pt'
}

/** What is written behind a unit that a full stop may end. */
const STOPPED = new Set(
  'ft lb lbs oz hr hrs min mins sec secs mi yd tsp tbsp gal yrs wks mos pcs pts'.split(' '),
)

function unitWords(figures: Figures, [one, many]: readonly [string, string], place: Place): string {
  const single =
    isOne(figures) ||
    isMeasuring(place.before, place.after) ||
    /^ (?:view|angle|turn|engine|\p{Lu}\d)/u.test(place.after)
  return `${figureWords(figures, saysAnd(place.region))} ${single ? one : many}`
}

/** `5 km`, `20°C`, `3.5 m²`, `5 mg/kg`, `24-hr` */
const measure: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪])(?:(?<from>\d[\d,.]{0,20}) ?[-–] ?)?(?<amount>[-−]?\d[\d,]{0,20}(?:\.\d{1,9})?)(?<space>[ -])?(?<unit>°[CF]?|℃|℉|(?:sq|cu)\.? (?:ft|m)|[\p{L}µ]{1,4}(?:\/(?:\p{L}{1,5}[²³]?)(?![\p{L}\p{N}])|[²³23](?![\p{L}\p{N}]))?)(?![\p{L}\p{N}_/²³])(?<stop>\.(?=,|\s\p{Ll}))?/gu,
  say({ from, amount, space, unit, stop }, place) {
    const written = unit!
    const names = unitNames(written)
    if (!names || (stop && !STOPPED.has(written) && !/^(?:sq|cu)/u.test(written))) return undefined
    if (space === undefined ? isMisread(written, amount!, place) : isWord(written, place.after))
      return undefined
    const figures = figuresOf(amount!)
    if (!figures) return undefined
    const words =
      space === '-'
        ? `${figureWords(figures, saysAnd(place.region))}-${names[0]}`
        : unitWords(figures, names, place)
    if (from === undefined) return words
    const first = numberWords(from, place.region)
    return first === undefined || figures.negative
      ? undefined
      : `${first} ${rangeWord(place.before)} ${words}`
  },
}

/** `25 °C–30 °C` */
const degreeRange: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪])(?<from>[-−]?\d{1,3}(?:\.\d)?) ?°[CF]? ?[-–] ?(?<to>[-−]?\d{1,3}(?:\.\d)?) ?(?<unit>°[CF]?)(?![\p{L}\p{N}_])/gu,
  say({ from, to, unit }, { before, region }) {
    const words = `${numberWords(from!, region)!} ${rangeWord(before)} ${numberWords(to!, region)!}`
    return `${words} ${unitNames(unit!)![1]}`
  },
}

/** `7.5 L/100 km` */
const perHundred: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<amount>\d{1,3}(?:\.\d{1,2})?) ?L\/100 ?km(?![\p{L}\p{N}_])/gu,
  say({ amount }, { region }) {
    const words = numberWords(amount!, region)
    return words && `${words} liters per hundred kilometers`
  },
}

const WINDS: Readonly<Record<string, string>> = { N: 'north', S: 'south', E: 'east', W: 'west' }

/** `40.7128° N` */
const coordinate: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<amount>\d{1,3}(?:\.\d{1,9})?) ?° ?(?<wind>[NSEW])(?![\p{L}\p{N}_])/gu,
  say({ amount, wind }, { region }) {
    const words = numberWords(amount!, region)
    return words && `${words} degrees ${WINDS[wind!]!}`
  },
}

/** `15%`, `-3.5 %` */
const percent: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪])(?<amount>[-−+]?\d[\d.,]{0,20}) ?%(?![\p{L}\p{N}_])/gu,
  say({ amount }, { region }) {
    const words = numberWords(amount!, region)
    return words === undefined ? undefined : `${amount!.startsWith('+') ? 'plus ' : ''}${words} percent`
  },
}

/** `10-15%`, `10%–15%` */
const percentRange: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<from>\d{1,7})%? ?[-–] ?(?<to>\d{1,7}) ?%(?![\p{L}\p{N}_])/gu,
  say({ from, to }, { before, region }) {
    const low = numberWords(from!, region)
    const high = numberWords(to!, region)
    return low === undefined || high === undefined ? undefined : `${low} ${rangeWord(before)} ${high} percent`
  },
}

/** `5'10"` of a person. */
const feetAndInches: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/])(?<feet>\d{1,2})['′’] ?(?<inches>\d{1,2})(?:["″”]|'')/gu,
  say({ feet, inches }, { region }) {
    const tall = numberWords(feet!, region)
    const rest = numberWords(inches!, region)
    return tall === undefined || rest === undefined ? undefined : `${tall} foot ${rest}`
  },
}

/** `6' tall` */
const feet: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/])(?<feet>\d{1,3})['′’](?= (?:tall|high|wide|long|deep|by)\b)/gu,
  say({ feet }, { region }) {
    const words = numberWords(feet!, region)
    return words && `${words} ${feet === '1' ? 'foot' : 'feet'}`
  },
}

export const UNIT_RULES = [
  percentRange,
  percent,
  perHundred,
  coordinate,
  degreeRange,
  measure,
  feetAndInches,
  feet,
]
