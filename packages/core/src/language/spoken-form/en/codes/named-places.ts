import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, digitWords } from '../numbers/numbers.ts'

/** Of a place or a vehicle: three digits and more are said one by one, `one two oh four`. */
function placeNumber(digits: string): string {
  return digits.length > 2 ? digitWords(digits) : cardinal(Number(digits))
}

/** `seat 14C`, `gate B12`, `apartment 4B` */
const lettered: SpokenRule = {
  pattern:
    /(?<=(?<!\p{L})(?:seat|gate|exit|apartment|apt\.?|unit|room|row|platform|line|bus|route|suite|locker|grade|class|flat|building|floor|stall|bay|zone|spot|terminal|door|section|level|aisle|track|pier|wing|block|tower|group)(?: is|:)? )(?:(?<number>\d{1,4})-?(?<letter>[A-Z])|(?<front>[A-Z])-?(?<back>\d{1,4}))(?![\p{L}\p{N}_-])/giu,
  say({ number, letter, front, back }) {
    if (number !== undefined) return `${placeNumber(number)} ${letter!.toUpperCase()}`
    return `${front!.toUpperCase()} ${placeNumber(back!)}`
  },
}

/** `room 2-14` is one room; "rooms 2-14" are many. */
const hyphened: SpokenRule = {
  pattern:
    /(?<=(?<!\p{L})(?:room|suite|apartment|apt\.?|unit|flat|locker|house) )(?<one>\d{1,4})-(?<other>\d{1,4})(?![\p{L}\p{N}_:/%-]|[.,]\d)/giu,
  say: ({ one, other }) => `${placeNumber(one!)} ${placeNumber(other!)}`,
}

/** `flight BA 117`, `Flight LY001` */
const flight: SpokenRule = {
  pattern:
    /(?<=(?<!\p{L})flights?(?: (?:number|no\.|is))? )(?<line>[A-Z]{2}|[A-Z]\d|\d[A-Z]) ?(?<number>\d{1,4})(?![\p{L}\p{N}_:/%-]|[.,]\d)/giu,
  say: ({ line, number }) =>
    line === line!.toUpperCase() ? `${digitWords(line)} ${digitWords(number!)}` : undefined,
}

/** `401(k)` is said as no other; `8(a)(1)` is read part by part. */
const clause: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/-])(?<number>\d{1,4})(?<parts>(?:\((?:\d{1,3}|[A-Za-z]{1,2})\)){1,4})(?![\p{L}\p{N}_(])/gu,
  say({ number, parts }) {
    if (/^40[13]$/u.test(number!)) return `four oh ${number === '401' ? 'one' : 'three'} ${lettersOf(parts!)}`
    return `${placeNumber(number!)} ${lettersOf(parts!)}`
  },
}

function lettersOf(parts: string): string {
  const inside = parts.match(/\d+|[A-Za-z]+/gu) ?? []
  return inside.map((part) => (/\d/u.test(part) ? cardinal(Number(part)) : part.toUpperCase())).join(' ')
}

export const NAMED_PLACES = [flight, lettered, hyphened, clause]
