import { figuresOf } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, figureWords, numberWords } from '../numbers/numbers.ts'
import { withPrefix } from '../numbers/prefixes.ts'
import { unitOf } from './units.ts'

const SCALES: Readonly<Record<string, readonly [number, string]>> = {
  k: [1e3, 'אלף'],
  K: [1e3, 'אלף'],
  M: [1e6, 'מיליון'],
  B: [1e9, 'מיליארד'],
}

/** `thousands` of them: `שלושת אלפים`, `ארבעת אלפים וחמש מאות`, `אחת נקודה שתיים מיליון`. */
export function scaledWords(amount: string, scale: number, name: string): string | undefined {
  const figures = figuresOf(amount)
  if (!figures) return undefined
  const whole = Math.round(Number(amount.replaceAll(',', '')) * scale)
  if (figures.decimals === '' || scale === 1000) return whole < 1e15 ? cardinal(whole) : undefined
  return `${figureWords(figures)} ${name}`
}

/** `1.2M`, `3k` */
const scaled: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪*-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<amount>\d{1,4}(?:\.\d{1,3})?)(?<short>[kKMB])(?![\p{L}\p{N}_%/])/gu,
  say({ prefix, amount, short }) {
    // A screen, a network.
    if (/^[345]$/u.test(amount!) && short !== 'k') return undefined
    const [scale, name] = SCALES[short!]!
    const words = scaledWords(amount!, scale, name)
    return words && withPrefix(prefix, words)
  },
}

/** `30x20x10 ס"מ`, `3×4` */
const sides: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪*-])(?<one>\d{1,5}(?:\.\d{1,3})?) ?[x×X] ?(?<two>\d{1,5}(?:\.\d{1,3})?)(?: ?[x×X] ?(?<three>\d{1,5}(?:\.\d{1,3})?))?(?<unit> ?(?:[סמק]["״][מ]|מ['׳]|cm|mm|m|km))?(?![\p{L}\p{N}_²³]|[.,:/]\d| ?=)/gu,
  say({ one, two, three, unit }) {
    const measure = unit === undefined ? undefined : unitOf(unit.trim())
    if (unit !== undefined && !measure) return undefined
    const numbers = [one, two, three].flatMap((number) => (number === undefined ? [] : [figuresOf(number)]))
    const words = numbers.map((figures) => figures && figureWords(figures, measure?.gender))
    return words.includes(undefined) ? undefined : words.join(' על ') + (measure ? ` ${measure.words}` : '')
  },
}

/** `2x ביום`, `x2` */
const times: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪*-])(?:(?<number>\d{1,3})[xX×](?= ב| ל|$|[.,;!?])|[x×](?<behind>\d{1,2})(?![\p{L}\p{N}_:/%-]|[.,]\d))/gu,
  say({ number, behind }) {
    if (behind !== undefined) return `כפול ${numberWords(behind)!}`
    if (number === '1') return 'פעם אחת'
    return number === '2' ? 'פעמיים' : `${numberWords(number!)!} פעמים`
  },
}

export const MULTIPLES = [sides, times, scaled]
