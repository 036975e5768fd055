import { figuresOf, type Figures } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { countedNoun, countWords } from '../numbers/nouns.ts'
import { cardinal, figureWords } from '../numbers/numbers.ts'
import { scaledWords } from './multiples.ts'
import { withPrefix } from '../numbers/prefixes.ts'

interface Currency {
  readonly many: string
  readonly one: string
  /** The plural is said up to ten: `חמישה דולרים`, `עשרים דולר`. */
  readonly shortPlural?: true
  readonly minor: string
}

const SHEKEL: Currency = { many: 'שקלים', one: 'שקל', minor: 'אגורות' }
const DOLLAR: Currency = { many: 'דולרים', one: 'דולר', shortPlural: true, minor: 'סנטים' }
const EURO: Currency = { many: 'יורו', one: 'יורו', minor: 'סנטים' }
const CURRENCIES: Readonly<Record<string, Currency>> = {
  '₪': SHEKEL,
  'ש"ח': SHEKEL,
  'ש״ח': SHEKEL,
  ILS: SHEKEL,
  NIS: SHEKEL,
  $: DOLLAR,
  USD: DOLLAR,
  '€': EURO,
  EUR: EURO,
}

function currencyOf(sign: string | undefined): Currency | undefined {
  return sign !== undefined && Object.hasOwn(CURRENCIES, sign) ? CURRENCIES[sign] : undefined
}

function amountWords(figures: Figures, { many, one, shortPlural, minor }: Currency): string {
  const { whole, decimals, negative } = figures
  const noun = countedNoun(many)!
  const written = shortPlural && whole > 10 ? one : many
  if (decimals.length > 2) return `${figureWords(figures, noun.gender)} ${many}`
  const part = Number(decimals.padEnd(2, '0'))
  const minus = negative ? 'מינוס ' : ''
  const parts =
    part === 0 ? '' : countWords({ negative: false, whole: part, decimals: '' }, countedNoun(minor)!, minor)
  if (whole === 0 && parts !== '') return minus + parts
  const major = minus + countWords({ negative: false, whole, decimals: '' }, noun, written)
  return parts === '' ? major : `${major} ו${parts}`
}

/** `₪25.90`, `$5` */
const signed: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,$€£₪])(?<prefix>[והבכלמש]{1,3}[-־])?(?<minus>[-−])?(?<sign>[$€₪]) ?(?<amount>\d[\d.,]{0,30})(?![\p{L}\p{N}_:/%]|-\d)/gu,
  say({ prefix, minus, sign, amount }) {
    const bare = amount!.replace(/[.,]$/u, '')
    const figures = figuresOf(bare)
    const currency = currencyOf(sign)
    if (!figures || !currency) return undefined
    const words = amountWords({ ...figures, negative: minus !== undefined }, currency)
    return withPrefix(prefix, words) + amount!.slice(bare.length)
  },
}

/** `25.90 ₪`, `50 ש"ח`, `12 USD` */
const behind: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<amount>[-−]?\d[\d.,]{0,25}) ?(?<sign>[$€₪]|ש["״]ח|USD|EUR|ILS|NIS)(?![\p{L}\p{N}_])/gu,
  say({ prefix, amount, sign }) {
    const currency = currencyOf(sign)
    const figures = figuresOf(amount!)
    return figures && currency && withPrefix(prefix, amountWords(figures, currency))
  },
}

/** `10-20 ₪` */
const range: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<from>\d{1,7}) ?[-–] ?(?<amount>\d{1,7}) ?(?<sign>[$€₪]|ש["״]ח|USD|EUR|ILS|NIS)(?![\p{L}\p{N}_])/gu,
  say({ prefix, from, amount, sign }) {
    const currency = currencyOf(sign)
    const low = figuresOf(from!)
    const high = figuresOf(amount!)
    if (!low || !high || !currency) return undefined
    const first = cardinal(low.whole, countedNoun(currency.many)!.gender)
    return withPrefix(prefix, `${first} עד ${amountWords(high, currency)}`)
  },
}

function countOf(figures: Figures, scale: string): string {
  const isTwo = figures.decimals === '' && figures.whole === 2
  return `${isTwo ? 'שני' : figureWords(figures, 'masculine')} ${scale}`
}

/** `5 מיליון ₪`, `10 אלף` */
const scaled: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<amount>\d[\d,]{0,9}(?:\.\d{1,3})?) (?<scale>אלפים|אלף|מיליון|מיליארד)(?: (?<sign>[$€₪]|ש["״]ח)(?![\p{L}\p{N}_]))?(?![\p{L}\p{N}_])/gu,
  say({ prefix, amount, scale, sign }) {
    const figures = figuresOf(amount!)
    const currency = currencyOf(sign)
    if (!figures) return undefined
    const unit = currency ? ` ${currency.shortPlural ? currency.one : currency.many}` : ''
    const thousands = scale!.startsWith('אלפ') || scale === 'אלף'
    const words = thousands ? scaledWords(amount!, 1000, scale!) : countOf(figures, scale!)
    return words && withPrefix(prefix, words + unit)
  },
}

export const MONEY = [scaled, signed, range, behind]
