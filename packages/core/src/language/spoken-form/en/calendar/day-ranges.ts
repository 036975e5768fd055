import { wholeYear } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { ordinal, saysAnd, yearWords } from '../numbers/numbers.ts'
import { dayOf, dayWords, monthOf, MONTHS, withYear } from './dates.ts'

/** `3-5 March`, `14–16 March 2026` */
const dayFirst: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_$€£₪.,:/-])(?<from>\d{1,2})(?:st|nd|rd|th)? ?[-–] ?(?<to>\d{1,2})(?:st|nd|rd|th)? (?:of )?(?<name>\p{Lu}\p{L}{2,8})\b(?:\.(?= \d))?(?:,? (?<year>\d{4}))?(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ from, to, name, year }, { before, region }) {
    const first = dayOf(from!, name!)
    const last = dayOf(to!, name!)
    if (!first || !last || first.day >= last.day) return undefined
    const the = /\bthe\s$/iu.test(before) ? '' : 'the '
    return withYear(`${the}${ordinal(first.day)} to ${dayWords(last, false, '')}`, year, region)
  },
}

/** `Jan 5 - Feb 3` */
const acrossMonths: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_-])(?<name>\p{Lu}\p{L}{2,8})\.? (?<from>\d{1,2})(?:st|nd|rd|th)? ?[-–] ?(?<next>\p{Lu}\p{L}{2,8})\.? (?<to>\d{1,2})(?:st|nd|rd|th)?(?:,? (?<year>\d{4}))?(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ name, from, next, to, year }, { region }) {
    const first = dayOf(from!, name!)
    const last = dayOf(to!, next!)
    return (
      first && last && withYear(`${dayWords(first, true, '')} to ${dayWords(last, true, '')}`, year, region)
    )
  },
}

/** `Jan-Mar` */
const months: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.@'’-])(?<from>\p{Lu}\p{Ll}{2,8})\.? ?[-–] ?(?<to>\p{Lu}\p{Ll}{2,8})(?![\p{L}\p{N}_'’-])/gu,
  say({ from, to }) {
    const first = monthOf(from)
    const last = monthOf(to)
    return first === undefined || last === undefined
      ? undefined
      : `${MONTHS[first - 1]!} to ${MONTHS[last - 1]!}`
  },
}

/** `14-Mar-2026`, `14-Mar` */
const dashed: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_./:-])(?<day>\d{1,2})-(?<name>\p{Lu}\p{L}{2,8})(?:-(?<year>\d{4}|\d{2}))?(?![\p{L}\p{N}_:/-]|\.\d)/gu,
  say({ day, name, year }, { before, region }) {
    const found = dayOf(day!, name!)
    return found && withYear(dayWords(found, region === 'US' || region === undefined, before), year, region)
  },
}

/** `3 Mar 26`, `3 Mar '26` */
const shortYear: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_$€£₪.,:/-])(?<day>\d{1,2}) (?<name>\p{Lu}\p{Ll}{2}) ['’]?(?<year>\d{2})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ day, name, year }, { before, region }) {
    const found = dayOf(day!, name!)
    return found && withYear(dayWords(found, false, before), year, region)
  },
}

/** `expires 03/27` of a card: a month and its year. */
const expiry: SpokenRule = {
  pattern:
    /(?<=(?:\bexpir(?:es|ed|ing|y|ation)(?: date)?|\bexp\.?|\bvalid)(?: (?:is|on|in|thru|through|until|till|to))?:? )(?<month>0?[1-9]|1[0-2])\/(?<year>20\d\d|\d{2})(?![\p{L}\p{N}_:/%-]|[.,]\d)/giu,
  say({ month, year }, { before, region }) {
    const isSure = Number(year) > 31 || /\bcard|\bexp\.? |thru|expir(?:y|ation)/iu.test(before)
    if (!isSure) return undefined
    return `${MONTHS[Number(month) - 1]!} ${yearWords(wholeYear(year!), saysAnd(region))}`
  },
}

export const DAY_RANGES = [expiry, shortYear, dayFirst, acrossMonths, months, dashed]
