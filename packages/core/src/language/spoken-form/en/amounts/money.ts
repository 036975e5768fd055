import { type Figures, figuresOf } from '../../rules/figures.ts'
import type { Place, SpokenRule } from '../../rules/spoken-rule.ts'
import { perName } from './unit-names.ts'
import {
  cardinal,
  figureWords,
  isMeasuring,
  isOne,
  numberWords,
  rangeWord,
  saysAnd,
} from '../numbers/numbers.ts'

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
  C$: { one: 'Canadian dollar', many: 'Canadian dollars', minor: CENT },
  NZ$: { one: 'New Zealand dollar', many: 'New Zealand dollars', minor: CENT },
  HK$: { one: 'Hong Kong dollar', many: 'Hong Kong dollars', minor: CENT },
  S$: { one: 'Singapore dollar', many: 'Singapore dollars', minor: CENT },
  MX$: { one: 'Mexican peso', many: 'Mexican pesos' },
  R$: { one: 'real', many: 'reais' },
  MXN: { one: 'Mexican peso', many: 'Mexican pesos' },
  BRL: { one: 'real', many: 'reais' },
  NZD: { one: 'New Zealand dollar', many: 'New Zealand dollars', minor: CENT },
  SGD: { one: 'Singapore dollar', many: 'Singapore dollars', minor: CENT },
  HKD: { one: 'Hong Kong dollar', many: 'Hong Kong dollars', minor: CENT },
  CNY: { one: 'yuan', many: 'yuan' },
  KRW: { one: 'won', many: 'won' },
  '₩': { one: 'won', many: 'won' },
  TRY: { one: 'Turkish lira', many: 'Turkish lira' },
  '₺': { one: 'lira', many: 'lira' },
  PLN: { one: 'zloty', many: 'zlotys' },
  zł: { one: 'zloty', many: 'zlotys' },
  SEK: { one: 'Swedish krona', many: 'Swedish kronor' },
  NOK: { one: 'Norwegian krone', many: 'Norwegian kroner' },
  DKK: { one: 'Danish krone', many: 'Danish kroner' },
  ZAR: { one: 'rand', many: 'rand' },
  AED: { one: 'dirham', many: 'dirhams' },
  'Rs.': { one: 'rupee', many: 'rupees' },
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
  mn: 'million',
  bn: 'billion',
  T: 'trillion',
  tn: 'trillion',
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
    /(?<![\p{L}\p{N}_.,$€£₪¥₹₩₺])(?<minus>[-−])?(?<sign>[A-Z]{0,3}[$€£₪¥₹₩₺]) ?(?<amount>\d[\d,]{0,15}(?:\.\d{1,3})?)(?:(?<short>[kKMBTm]|mn|bn|tn)(?<plus>\+)?(?<rate>\/(?=\p{L}))?(?![\p{L}\p{N}_])| (?<scale>thousand|million|billion|trillion)\b)/gu,
  say({ minus, sign, amount, short, plus, scale, rate }, { before, after, region }) {
    const currency = currencyOf(sign)
    const words = numberWords(amount!, region)
    if (!currency || words === undefined) return undefined
    const unit = isMeasuring(before, after) ? currency.one : currency.many
    const behind = (plus ? ' plus' : '') + (rate ? ' per ' : '')
    return `${minus ? 'minus ' : ''}${words} ${scale ?? SCALES[short!]!} ${unit}${behind}`
  },
}

/** `$10k-$12k`, `$5-10 million` */
const scaledRange: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,$€£₪¥₹₩₺])(?<sign>[$€£])(?<from>\d{1,4}(?:\.\d)?)[kKMB]? ?[-–] ?[$€£]?(?<amount>\d{1,4}(?:\.\d)?)(?:(?<short>[kKMBm]|bn)(?![\p{L}\p{N}_])| (?<scale>thousand|million|billion)\b)/gu,
  say({ sign, from, amount, short, scale }, { before, region }) {
    const words = `${numberWords(from!, region)!} ${rangeWord(before)} ${numberWords(amount!, region)!}`
    return `${words} ${scale ?? SCALES[short!]!} ${currencyOf(sign)!.many}`
  },
}

/** `$5-10`, `$5–$10`, `$5 to $10` is two prices. */
const range: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,$€£₪¥₹₩₺])(?<sign>[$€£₪¥₹₩₺])(?<from>\d[\d,]{0,20}) ?[-–] ?[$€£₪¥₹₩₺]?(?<to>\d[\d,]{0,20})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ sign, from, to }, place) {
    const low = numberWords(from!, place.region)
    const high = figuresOf(to!)
    return low !== undefined && high
      ? `${low} ${rangeWord(place.before)} ${amountWords(high, currencyOf(sign)!, place)}`
      : undefined
  },
}

/** `/kWh`; a word behind the slash is itself. */
function perWords(per: string | undefined, unit: string | undefined): string {
  return per === undefined ? '' : ` per ${unit === undefined ? '' : (perName(unit) ?? unit)}`
}

/** `$1,200.50`, `-€5`, `US$5` */
const signed: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,$€£₪¥₹₩₺])(?<minus>[-−])?(?<sign>[A-Z]{0,3}[$€£₪¥₹₩₺]) ?(?<amount>[-−]?\d[\d,]{0,25}(?:\.\d{1,9})?)(?:(?<per>\/(?=\p{L})(?:(?<unit>sq ft|\p{L}{1,5}[²³]?)(?![\p{L}\p{N}]))?)|(?![\p{L}\p{N}_:%]|[.,/]\d|-\d))/gu,
  say({ minus, sign, amount, per, unit }, place) {
    const currency = currencyOf(sign)
    const figures = figuresOf(trimmedGrouping(amount!))
    if (!currency || !figures) return undefined
    const negative = figures.negative || minus !== undefined
    return restored(amount!, amountWords({ ...figures, negative }, currency, place)) + perWords(per, unit)
  },
}

/** `12 USD`, `25.90 ₪`, `50€` */
const behind: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪¥₹₩₺])(?<amount>[-−]?\d[\d,]{0,25}(?:\.\d{1,9})?) ?(?<sign>(?:[A-Z]{3}|zł)(?![\p{L}\p{N}_])|[$€£₪](?![\p{L}\p{N}_]))/gu,
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

/** `EUR 1.2M`, `15k USD` */
const codeScaled: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪¥₹₩₺-])(?:(?<sign>[A-Z]{3}) )?(?<amount>\d{1,4}(?:\.\d{1,3})?)(?<short>[kKMBm]|mn|bn|tn)(?: ?(?<code>[A-Z]{3}|[€£₪]))?(?![\p{L}\p{N}_/])/gu,
  say({ sign, amount, short, code }, { region }) {
    const currency = currencyOf(sign ?? code)
    const words = numberWords(amount!, region)
    return currency && words && `${words} ${SCALES[short!]!} ${currency.many}`
  },
}

/** `25,00 €`, `1.234,56 €`: two decimals behind a comma, as most of Europe writes them. */
const commaBehind: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<whole>\d{1,3}(?:\.\d{3}){1,3}|\d{1,6}),(?<decimals>\d{2}) ?€(?![\p{L}\p{N}_])/gu,
  say({ whole, decimals }, place) {
    const figures = figuresOf(`${whole!.replaceAll('.', '')}.${decimals!}`)
    return figures && amountWords(figures, EURO, place)
  },
}

/** `$.99` */
const belowOne: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,$€£₪¥₹₩₺])(?<sign>[$€£])\.(?<decimals>\d{2})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ sign, decimals }, place) {
    const figures = figuresOf(`0.${decimals!}`)
    return figures && amountWords(figures, currencyOf(sign)!, place)
  },
}

/** `Rs. 500`, `CHF 45.-` */
const rupees: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_-])(?:(?<rupees>Rs\.?) ?|(?<francs>CHF) )(?<amount>\d[\d,]{0,25}(?:\.\d{2})?)(?:\.[-–—])?(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ francs, amount }, place) {
    const figures = figuresOf(trimmedGrouping(amount!))
    const currency = currencyOf(francs ?? 'Rs.')!
    return figures && restored(amount!, amountWords(figures, currency, place))
  },
}

/** `50p` */
const pence: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,$€£₪¥₹:/-])(?<amount>\d{1,2})p(?![\p{L}\p{N}_'’-])/gu,
  say: ({ amount }, { region }) =>
    region === 'US' ? undefined : `${cardinal(Number(amount))} ${amount === '1' ? 'penny' : 'pence'}`,
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

export const MONEY = [
  scaledRange,
  scaled,
  range,
  codeScaled,
  commaBehind,
  belowOne,
  rupees,
  signed,
  behind,
  codeBefore,
  cents,
  pence,
]
