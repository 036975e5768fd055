import { type Figures, figuresOf } from '../../rules/figures.ts'

const ONES = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
  'seventeen eighteen nineteen'
).split(' ')
const TENS = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const SCALES = ['', ' thousand', ' million', ' billion', ' trillion']

/** Whether `one hundred and five` has its `and`: everywhere but in America. */
export function saysAnd(region: string | undefined): boolean {
  return region !== 'US' && region !== undefined
}

/** A whole number from 0 to 999 trillion. */
export function cardinal(number: number, withAnd = false): string {
  if (number < 100) return belowHundred(number)
  const groups: string[] = []
  let rest = number
  for (const scale of SCALES) {
    const group = rest % 1000
    if (group > 0) groups.unshift(belowThousand(group, withAnd) + scale)
    rest = Math.floor(rest / 1000)
  }
  const small = number % 1000
  const last = small > 0 && small < 100 && groups.length > 1 && withAnd ? groups.pop() : undefined
  return groups.join(' ') + (last === undefined ? '' : ` and ${last}`)
}

function belowThousand(number: number, withAnd: boolean): string {
  const hundreds = Math.floor(number / 100)
  const rest = number % 100
  if (hundreds === 0) return belowHundred(rest)
  const said = `${ONES[hundreds]!} hundred`
  return rest === 0 ? said : `${said}${withAnd ? ' and' : ''} ${belowHundred(rest)}`
}

function belowHundred(number: number): string {
  if (number < 20) return ONES[number]!
  const ones = number % 10
  return ones === 0 ? TENS[Math.floor(number / 10)]! : `${TENS[Math.floor(number / 10)]!}-${ONES[ones]!}`
}

const IRREGULAR: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
}

export function ordinal(number: number, withAnd = false): string {
  const words = cardinal(number, withAnd)
  const at = Math.max(words.lastIndexOf(' '), words.lastIndexOf('-')) + 1
  const last = words.slice(at)
  return (
    words.slice(0, at) + (IRREGULAR[last] ?? (last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`))
  )
}

/** A year: `nineteen oh five`, `two thousand five`, `twenty twenty-six`. Others as numbers. */
export function yearWords(year: number, withAnd = false): string {
  const century = Math.floor(year / 100)
  const rest = year % 100
  if (year < 1100 || year > 2099 || (year >= 2000 && year < 2010)) return cardinal(year, withAnd)
  if (rest === 0) return `${belowHundred(century)} hundred`
  return `${belowHundred(century)} ${rest < 10 ? `oh ${ONES[rest]!}` : belowHundred(rest)}`
}

/** Each digit by itself, letters as they stand. */
export function digitWords(characters: string): string {
  return [...characters].map((char) => (/\d/.test(char) ? ONES[Number(char)]! : char)).join(' ')
}

/** `minus three point one four`. */
export function figureWords({ negative, whole, decimals }: Figures, withAnd = false): string {
  const point = decimals === '' ? '' : ` point ${digitWords(decimals)}`
  return `${negative ? 'minus ' : ''}${cardinal(whole, withAnd)}${point}`
}

/** What is written in figures, in words; `undefined`: it has no one reading. */
export function numberWords(written: string, region: string | undefined): string | undefined {
  const figures = figuresOf(written)
  return figures && figureWords(figures, saysAnd(region))
}

/** Exactly one: what is counted stands in the singular. */
export function isOne({ whole, decimals }: Figures): boolean {
  return whole === 1 && decimals === ''
}

/** `between 2-4 PM` is two and four, `2-4 PM` two to four. */
export function rangeWord(before: string): 'and' | 'to' {
  return /\bbetween\s$/iu.test(before) ? 'and' : 'to'
}

/** What a measure stands before without an article: `16 oz. drink`, `$50 gift card`, `10 min walk`. */
const MEASURED =
  /^[\s-](?:bags?|bottles?|drinks?|bulbs?|batter(?:y|ies)|boxe?s?|cans?|packs?|jars?|drives?|cards?|plans?|tanks?|steaks?|chargers?|cables?|outlets?|trips?|walks?|radius|waits?|timeouts?|delays?|containers?|packages?|parcels?|suitcases?|race|ride|deposit|fees?|gift|vouchers?|bill|discount|credit|copay|tablets?|capsules?|pills?|notice|window|warranty|contract)(?!\p{L})/u

/** `a 5 km run`, `the $20 deposit`: what measures another word stands in the singular. */
export function isMeasuring(before: string, after: string): boolean {
  if (MEASURED.test(after)) return true
  return (
    /(?:^|[\s("“])(?:a|an|another|one|this|that|your|our|every|each)\s$/iu.test(before) &&
    /^[\s-]\p{L}{3}/u.test(after) &&
    !/^\s(?:and|or|per|for|from|until|off|more|less|each|with|was|is|are|were|will)\b/iu.test(after)
  )
}
