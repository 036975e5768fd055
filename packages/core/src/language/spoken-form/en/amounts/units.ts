import { type Figures, figuresOf } from '../../rules/figures.ts'
import type { Place, SpokenRule } from '../../rules/spoken-rule.ts'
import { figureWords, isMeasuring, isOne, numberWords, saysAnd } from '../numbers/numbers.ts'

/** How it is written: one of it, and many. As it is written but for spaces; those of one letter are in small print. */
const UNITS: ReadonlyMap<string, readonly [one: string, many: string]> = new Map(
  Object.entries({
    km: 'kilometer',
    m: 'meter',
    cm: 'centimeter',
    mm: 'millimeter',
    mi: 'mile',
    ft: 'foot/feet',
    in: 'inch/inches',
    yd: 'yard',
    kg: 'kilogram',
    g: 'gram',
    mg: 'milligram',
    lb: 'pound',
    lbs: 'pound',
    oz: 'ounce',
    L: 'liter',
    l: 'liter',
    ml: 'milliliter',
    mL: 'milliliter',
    KB: 'kilobyte',
    MB: 'megabyte',
    GB: 'gigabyte',
    TB: 'terabyte',
    Mbps: 'megabit per second/megabits per second',
    Gbps: 'gigabit per second/gigabits per second',
    mph: 'mile per hour/miles per hour',
    'km/h': 'kilometer per hour/kilometers per hour',
    kmh: 'kilometer per hour/kilometers per hour',
    'm/s': 'meter per second/meters per second',
    kW: 'kilowatt',
    kWh: 'kilowatt hour',
    W: 'watt',
    V: 'volt',
    Hz: 'hertz/hertz',
    kHz: 'kilohertz/kilohertz',
    MHz: 'megahertz/megahertz',
    GHz: 'gigahertz/gigahertz',
    'm²': 'square meter',
    m2: 'square meter',
    'm³': 'cubic meter',
    m3: 'cubic meter',
    'km²': 'square kilometer',
    sqm: 'square meter',
    'sq ft': 'square foot/square feet',
    'sq. ft': 'square foot/square feet',
    sqft: 'square foot/square feet',
    'ft²': 'square foot/square feet',
    hr: 'hour',
    hrs: 'hour',
    h: 'hour',
    min: 'minute',
    mins: 'minute',
    sec: 'second',
    secs: 'second',
    ms: 'millisecond',
    kcal: 'kilocalorie',
    '°C': 'degree Celsius/degrees Celsius',
    '℃': 'degree Celsius/degrees Celsius',
    '°F': 'degree Fahrenheit/degrees Fahrenheit',
    '℉': 'degree Fahrenheit/degrees Fahrenheit',
    '°': 'degree',
  }).map(([written, words]) => {
    const [one = '', many = `${one}s`] = words.split('/')
    return [written, [one, many]]
  }),
)

/** Straight behind the number these may mean millions, minutes or a size. */
const APART = new Set(['m', 'h', 'g', 'l', 'L', 'V', 'W', 'min'])

/** Apart it is a word. */
const ATTACHED = new Set(['in'])

/** What is written behind a unit that a full stop may end. */
const STOPPED = new Set('ft lb lbs oz hr hrs min mins sec secs mi yd'.split(' '))

function unitWords(figures: Figures, [one, many]: readonly [string, string], place: Place): string {
  const single = isOne(figures) || isMeasuring(place.before, place.after)
  return `${figureWords(figures, saysAnd(place.region))} ${single ? one : many}`
}

/** `5 km`, `20°C`, `3.5 m²` */
const measure: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪])(?:(?<from>\d[\d,.]{0,20}) ?[-–] ?)?(?<amount>[-−]?\d[\d,]{0,20}(?:\.\d{1,9})?)(?<space>[ -])?(?<unit>°[CF]?|℃|℉|sq\.? ft|\p{L}{1,4}(?:\/[hs](?![\p{L}\p{N}])|[²³23](?![\p{L}\p{N}]))?)(?![\p{L}\p{N}_/²³])(?<stop>\.(?=\s\p{Ll}))?/gu,
  say({ from, amount, space, unit, stop }, place) {
    const written = unit!
    const names = UNITS.get(written)
    const misplaced = (space === undefined ? APART : ATTACHED).has(written)
    if (!names || misplaced || (stop && !STOPPED.has(written))) return undefined
    const figures = figuresOf(amount!)
    if (!figures) return undefined
    const words = unitWords(figures, names, place)
    if (from === undefined) return words
    const first = numberWords(from, place.region)
    return first === undefined || figures.negative ? undefined : `${first} to ${words}`
  },
}

/** `15%`, `-3.5 %` */
const percent: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪])(?<amount>[-−+]?\d[\d.,]{0,20}) ?%(?![\p{L}\p{N}_])/gu,
  say({ amount }, { region }) {
    const words = numberWords(amount!, region)
    return words === undefined ? undefined : `${words} percent`
  },
}

/** `10-15%`, `10%–15%` */
const percentRange: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<from>\d{1,7})%? ?[-–] ?(?<to>\d{1,7}) ?%(?![\p{L}\p{N}_])/gu,
  say({ from, to }, { region }) {
    const low = numberWords(from!, region)
    const high = numberWords(to!, region)
    return low === undefined || high === undefined ? undefined : `${low} to ${high} percent`
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

export const UNIT_RULES = [percentRange, percent, measure, feetAndInches]
