import { type Figures, figuresOf } from '../../rules/figures.ts'
import type { Place, SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, figureWords, isMeasuring, isOne, numberWords, saysAnd } from '../numbers/numbers.ts'

interface Currency {
  readonly one: string
  readonly many: string
  /** `undefined`: it has none that is in use. */
  readonly minor?: { readonly one: string; readonly many: string }
}

const CENT = { one: 'cent', many: 'cents' }
const DOLLAR: Currency = { one: 'dollar', many: 'dollars', minor: CENT }
const EURO: Currency = { one: 'euro', many: 'euros', minor: CENT }
const POUND: Currency = { one: 'pound', many: 'pounds', minor: { one: 'penny', many: 'pence' } }
const SHEKEL: Currency = { one: 'shekel', many: 'shekels', minor: { one: 'agora', many: 'agorot' } }

const CURRENCIES: Readonly<Record<string, Currency>> = {
  $: DOLLAR,
  US$: { one: 'US dollar', many: 'US dollars', minor: CENT },
  CA$: { one: 'Canadian dollar', many: 'Canadian dollars', minor: CENT },
  A$: { one: 'Australian dollar', many: 'Australian dollars', minor: CENT },
  USD: { one: 'US dollar', many: 'US dollars', minor: CENT },
  CAD: { one: 'Canadian dollar', many: 'Canadian dollars', minor: CENT },
  AUD: { one: 'Australian dollar', many: 'Australian dollars', minor: CENT },
  '€': EURO,
  EUR: EURO,
  '£': POUND,
  GBP: POUND,
  '₪': SHEKEL,
  NIS: SHEKEL,
  ILS: SHEKEL,
  '¥': { one: 'yen', many: 'yen' },
  JPY: { one: 'yen', many: 'yen' },
  '₹': { one: 'rupee', many: 'rupees' },
  INR: { one: 'rupee', many: 'rupees' },
  CHF: { one: 'Swiss franc', many: 'Swiss francs' },
}

function currencyOf(sign: string | undefined): Currency | undefined {
  return sign !== undefined && Object.hasOwn(CURRENCIES, sign) ? CURRENCIES[sign] : undefined
}

const SCALES: Readonly<Record<string, string>> = {
  k: 'thousand',
  K: 'thousand',
  M: 'million',
  m: 'million',
  B: 'billion',
  bn: 'billion',
}

/** `five dollars and fifty cents`, `fifty cents`; other decimals than two digits as they are written. */
function amountWords(figures: Figures, { one, many, minor }: Currency, place: Place): string {
  const { negative, whole, decimals } = figures
  const withAnd = saysAnd(place.region)
  const minus = negative ? 'minus ' : ''
  if (isMeasuring(place.before, place.after) && /^0*$/u.test(decimals))
    return `${minus}${cardinal(whole, withAnd)} ${one}`
  const unit = isOne({ ...figures, decimals: minor && decimals === '00' ? '' : decimals }) ? one : many
  if (!minor || (decimals !== '' && decimals.length !== 2)) return `${figureWords(figures, withAnd)} ${unit}`
  const cents = Number(decimals)
  const centWords = `${cardinal(cents)} ${cents === 1 ? minor.one : minor.many}`
  if (cents > 0 && whole === 0) return minus + centWords
  const major = `${minus}${cardinal(whole, withAnd)} ${decimals !== '' && whole === 1 ? one : unit}`
  return cents > 0 ? `${major} and ${centWords}` : major
}

/** `$5 million`, `$3.5k` */
const scaled: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,$€£₪¥₹])(?<minus>[-−])?(?<sign>[A-Z]{0,3}[$€£₪¥₹]) ?(?<amount>[\d,.]{0,30}\d)(?:(?<short>[kKMB]|bn)(?![\p{L}\p{N}_])| (?<scale>thousand|million|billion|trillion)\b)/gu,
  say({ minus, sign, amount, short, scale }, { before, after, region }) {
    const currency = currencyOf(sign)
    const words = numberWords(amount!, region)
    if (!currency || words === undefined) return undefined
    const unit = isMeasuring(before, after) ? currency.one : currency.many
    return `${minus ? 'minus ' : ''}${words} ${scale ?? SCALES[short!]!} ${unit}`
  },
}

/** `$5-10`, `$5–$10`, `$5 to $10` is two prices. */
const range: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,$€£₪¥₹])(?<sign>[$€£₪¥₹])(?<from>\d[\d,]{0,20}) ?[-–] ?[$€£₪¥₹]?(?<to>\d[\d,]{0,20})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ sign, from, to }, place) {
    const low = numberWords(from!, place.region)
    const high = figuresOf(to!)
    return low !== undefined && high ? `${low} to ${amountWords(high, currencyOf(sign)!, place)}` : undefined
  },
}

/** `$1,200.50`, `-€5`, `US$5` */
const signed: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,$€£₪¥₹])(?<minus>[-−])?(?<sign>[A-Z]{0,3}[$€£₪¥₹]) ?(?<amount>[-−]?\d[\d,]{0,25}(?:\.\d{1,9})?)(?:(?<per>\/(?=\p{L}))|(?![\p{L}\p{N}_:%]|[.,/]\d|-\d))/gu,
  say({ minus, sign, amount, per }, place) {
    const currency = currencyOf(sign)
    const figures = figuresOf(trimmedGrouping(amount!))
    if (!currency || !figures) return undefined
    const negative = figures.negative || minus !== undefined
    return restored(amount!, amountWords({ ...figures, negative }, currency, place)) + (per ? ' per ' : '')
  },
}

/** `12 USD`, `25.90 ₪`, `50€` */
const behind: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪¥₹])(?<amount>[-−]?\d[\d,]{0,25}(?:\.\d{1,9})?) ?(?<sign>[A-Z]{3}(?![\p{L}\p{N}_])|[$€£₪](?![\p{L}\p{N}_]))/gu,
  say({ amount, sign }, place) {
    const currency = currencyOf(sign)
    const figures = currency && figuresOf(amount!)
    return currency && figures && amountWords(figures, currency, place)
  },
}

/** `USD 12` */
const codeBefore: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_-])(?<sign>[A-Z]{3}) (?<amount>\d[\d,]{0,25}(?:\.\d{1,9})?)(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ sign, amount }, place) {
    const currency = currencyOf(sign)
    const figures = currency && figuresOf(trimmedGrouping(amount!))
    return currency && figures && restored(amount!, amountWords(figures, currency, place))
  },
}

/** `50¢` */
const cents: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,$€£₪¥₹:/-])(?<amount>\d{1,3}) ?¢/gu,
  say: ({ amount }) => `${cardinal(Number(amount))} ${amount === '1' ? 'cent' : 'cents'}`,
}

/** A comma behind the last digit belongs to the sentence. */
function trimmedGrouping(amount: string): string {
  return amount.endsWith(',') ? amount.slice(0, -1) : amount
}

function restored(amount: string, words: string): string {
  return amount.endsWith(',') ? `${words},` : words
}

export const MONEY = [scaled, range, signed, behind, codeBefore, cents]
