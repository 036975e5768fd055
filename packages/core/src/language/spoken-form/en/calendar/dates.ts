import { type CalendarDay, calendarDay, dayOfTwo, wholeYear } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, ordinal, saysAnd, yearWords } from '../numbers/numbers.ts'

export const MONTHS =
  'January February March April May June July August September October November December'.split(' ')
const MONTH_OF = new Map(
  MONTHS.flatMap(
    (name, index) =>
      [
        [name.toLowerCase(), index + 1],
        [name.slice(0, 3).toLowerCase(), index + 1],
      ] as const,
  ),
).set('sept', 9)

/** Americans say the month first, and so does whoever wrote it so. */
export function dayWords({ day, month }: CalendarDay, monthFirst: boolean, before: string): string {
  const name = MONTHS[month - 1]!
  if (monthFirst) return `${name} ${ordinal(day)}`
  return `${/\bthe\s$/iu.test(before) ? '' : 'the '}${ordinal(day)} of ${name}`
}

export function withYear(words: string, year: string | undefined, region: string | undefined): string {
  return year === undefined ? words : `${words}, ${yearWords(wholeYear(year), saysAnd(region))}`
}

/** `2026-11-29`, `2026/11/29` */
const isoDate: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_./:-])(?<year>\d{4})(?<mark>[/-])(?<month>\d{2})\k<mark>(?<day>\d{2})(?![\p{L}\p{N}_/-]|[.:]\d)/gu,
  say({ year, month, day }, { before, region }) {
    const found = calendarDay(Number(day), Number(month))
    return found && withYear(dayWords(found, region === 'US' || region === undefined, before), year, region)
  },
}

/** `29/11/2026`, `11/29/26`. Without a region only where one of the two is no month. */
const numericDate: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_./:-])(?<one>\d{1,2})(?<mark>[/.-])(?<other>\d{1,2})\k<mark>(?<year>\d{4}|\d{2})(?![\p{L}\p{N}_/-]|[.:]\d)/gu,
  say({ one, mark, other, year }, { before, region, whole }) {
    // "1.2.26" may be a version, "03-04-26" a part of a number.
    if (mark !== '/' && year!.length === 2) return whole
    const dayFirst = region === undefined ? undefined : region !== 'US'
    const found = dayOfTwo(Number(one), Number(other), dayFirst)
    if (!found) return whole
    return withYear(dayWords(found, dayFirst !== true, before), year, region)
  },
}

const BEFORE_DATE =
  /(?:^|[\s(])(?:on|by|until|till|since|from|before|after|week of|due|starting|ending|as of|effective|(?:mon|tues|wednes|thurs|fri|satur|sun)day,?|(?:mon|tues?|wed|thu|thurs?|fri|sat|sun)[.,]?|date:?|dated)\s$/iu

/** `29/11`, where something says that it is no fraction. */
const dayAndMonth: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_./:-])(?<one>\d{1,2})\/(?<other>\d{1,2})(?![\p{L}\p{N}_/-]|[.:]\d)/gu,
  say({ one, other }, { before, region, whole }) {
    if (!BEFORE_DATE.test(before)) return undefined
    const dayFirst = region === undefined ? undefined : region !== 'US'
    const found = dayOfTwo(Number(one), Number(other), dayFirst)
    return found ? dayWords(found, dayFirst !== true, before) : whole
  },
}

export function monthOf(written: string | undefined): number | undefined {
  return MONTH_OF.get((written ?? '').toLowerCase())
}

/** Of a month by its name; `undefined`: it is none, or has no such day. */
export function dayOf(day: string, name: string): CalendarDay | undefined {
  const month = monthOf(name)
  return month === undefined ? undefined : calendarDay(Number(day), month)
}

/** `Nov. 29th, 2026`, `November 29` */
const monthFirst: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_-])(?<name>\p{Lu}\p{L}{2,8})\.? (?<day>\d{1,2})(?<suffix>st|nd|rd|th)?(?:,? (?<year>\d{4}))?(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ name, day, year }, place) {
    const found = dayOf(day!, name!)
    return found && withYear(dayWords(found, true, place.before), year, place.region)
  },
}

/** `Nov. 29-30`, `November 3–5`, `March 14th–16th` */
const monthFirstRange: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_-])(?<name>\p{Lu}\p{L}{2,8})\.? (?<from>\d{1,2})(?:st|nd|rd|th)? ?[-–] ?(?<to>\d{1,2})(?:st|nd|rd|th)?(?:,? (?<year>\d{4}))?(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ name, from, to, year }, { region, before }) {
    const first = dayOf(from!, name!)
    const last = dayOf(to!, name!)
    if (!first || !last || first.day >= last.day) return undefined
    return withYear(`${dayWords(first, true, before)} to ${ordinal(last.day)}`, year, region)
  },
}

/** `29 Nov 2026`, `29th of November` */
const dayFirst: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_$€£₪.,:/-])(?<day>\d{1,2})(?<suffix>st|nd|rd|th)? (?:of )?(?<name>\p{Lu}\p{L}{2,8})\b(?:\.(?= \d))?(?:,? (?<year>\d{4}))?(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ name, day, year }, place) {
    const found = dayOf(day!, name!)
    return found && withYear(dayWords(found, false, place.before), year, place.region)
  },
}

/** `Nov. 2026` */
const monthAndYear: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_-])(?<name>\p{Lu}\p{L}{2,8})\.? (?<year>1[89]\d\d|20\d\d)(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ name, year }, { region }) {
    const month = monthOf(name)
    return month === undefined
      ? undefined
      : `${MONTHS[month - 1]!} ${yearWords(Number(year), saysAnd(region))}`
  },
}

const BEFORE_YEAR =
  /(?:^|[\s(])(?:in|since|until|till|by|before|after|from|during|year|of|q[1-4]|early|late|mid|(?:spring|summer|autumn|fall|winter)(?: of)?|january|february|march|april|may|june|july|august|september|october|november|december),?\s$/iu

/** `in 2026`: a bare number of four digits may as well count something. */
const year: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_$€£₪¥₹₩₺.,:/-])(?<year>1[1-9]\d\d|20\d\d)(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ year }, { before, after, whole, region }) {
    const counts =
      /^ (?:\p{Ll}{3,})/u.test(after) &&
      !/^ (?:and|the|for|was|were|will|when|with|until|but|because|at|on)\b/u.test(after)
    return BEFORE_YEAR.test(before) && !counts ? yearWords(Number(year), saysAnd(region)) : whole
  },
}

/** `2025-2026` */
const years: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/-])(?<from>1[89]\d\d|20\d\d) ?[-–] ?(?<to>1[89]\d\d|20\d\d)(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ from, to }, { whole, region }) {
    if (Number(from) >= Number(to)) return whole
    const withAnd = saysAnd(region)
    return `${yearWords(Number(from), withAnd)} to ${yearWords(Number(to), withAnd)}`
  },
}

/** `2025-26`, `2025/26`: a season, a school year. */
const season: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/-])(?<from>19\d\d|20\d\d)[-–/](?<to>\d\d)(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ from, to }, { region }) {
    if ((Number(from) + 1) % 100 !== Number(to) || Number(to) < 13) return undefined
    return `${yearWords(Number(from), saysAnd(region))} to ${cardinal(Number(to))}`
  },
}

const DECADES = '- tens twenties thirties forties fifties sixties seventies eighties nineties'.split(' ')

const BEFORE_DECADE = /(?:^|\s)(?:the|his|her|their|my|your|our|early|mid|late)[ -]$/iu

/** `1800s`, `2000s` */
function centuryWords(century: number): string {
  return century === 20 ? 'two thousands' : `${cardinal(century)} hundreds`
}

/** `1990s`, `the '90s`, `in her 30s` */
const decade: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/]|(?<!\bmid)-)(?<century>1[89]|20)?(?<mark>['’])?(?<tens>\d)0['’]?s(?![\p{L}\p{N}_])/giu,
  say({ century, mark, tens }, { before, whole }) {
    if (century !== undefined && mark !== undefined) return whole
    // "30s" may be seconds.
    if (century === undefined && mark === undefined && !BEFORE_DECADE.test(before)) return whole
    if (tens === '0') return century === undefined ? whole : centuryWords(Number(century))
    const decades = DECADES[Number(tens)]!
    if (century === undefined) return decades
    return `${cardinal(Number(century))} ${decades}`
  },
}

export const DATES = [
  isoDate,
  numericDate,
  dayAndMonth,
  monthFirstRange,
  monthFirst,
  dayFirst,
  monthAndYear,
  years,
  season,
  decade,
  year,
]
