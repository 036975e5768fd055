import { calendarDay } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal } from '../numbers/numbers.ts'
import { dayWords, withYear } from './dates.ts'
import { timeOf, timeWords } from './times.ts'

/** `+02:00` is `plus two`, `-0530` is `minus five thirty`. */
function offsetWords(sign: string, hours: string, minutes: string | undefined): string {
  const rest = Number(minutes ?? 0)
  return `${sign === '+' ? 'plus' : 'minus'} ${cardinal(Number(hours))}${rest === 0 ? '' : ` ${cardinal(rest)}`}`
}

function zoneWords(zone: string | undefined): string {
  if (zone === undefined) return ''
  const { sign, hours, minutes } =
    /^(?<sign>[+−-])(?<hours>\d{2}):?(?<minutes>\d{2})?$/u.exec(zone)?.groups ?? {}
  const isUtc = sign === undefined || Number(hours!) + Number(minutes ?? 0) === 0
  return isUtc ? ' UTC' : ` UTC ${offsetWords(sign, hours!, minutes)}`
}

/** `2026-03-14T09:30:00Z`, `2026-03-14 09:30:00`, `2026-03-14T09:30+02:00` */
const instant: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_./:-])(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[T ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d{1,9})?)?(?<zone>Z|[+−-]\d{2}(?::?\d{2})?)?(?![\p{L}\p{N}_:/+-]|[.,]\d| ?[ap]\.?m)/gu,
  say({ year, month, day, hour, minute, second, zone }, { before, region }) {
    const date = calendarDay(Number(day), Number(month))
    const time = timeOf(hour!, minute, undefined)
    if (!date || !time) return undefined
    const isMonthFirst = region === 'US' || region === undefined
    const seconds = Number(second ?? 0)
    const behind = seconds === 0 ? '' : ` and ${cardinal(seconds)} second${seconds === 1 ? '' : 's'}`
    const dateSaid = withYear(dayWords(date, isMonthFirst, before), year, region)
    return `${dateSaid} at ${timeWords(time)}${behind}${zoneWords(zone)}`
  },
}

/** `UTC+02:00`, `GMT+2` */
const offset: SpokenRule = {
  pattern:
    /(?<=(?<![\p{L}\p{N}])(?:UTC|GMT)) ?(?<sign>[+−-])(?<hours>\d{1,2})(?::?(?<minutes>\d{2}))?(?![\p{L}\p{N}_:/-]|[.,]\d)/gu,
  say: ({ sign, hours, minutes }) => ` ${offsetWords(sign!, hours!, minutes)}`,
}

/** `at 0730`, `0900 hours`, `at 1430 hrs`; "1200 hours of work" are as many. */
const military: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<hour>[01]\d|2[0-3])(?<minute>[0-5]\d)(?<unit> (?:hours|hrs\b\.?(?= \p{Ll})|hrs))?(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ hour, minute, unit }, { before }) {
    if (!/(?:^|\s)(?:at|by|from|until|till|to|before|after|around)\s$/iu.test(before)) return undefined
    if (unit === undefined)
      return hour!.startsWith('0') ? timeWords(timeOf(hour!, minute, undefined)!) : undefined
    const hours = `${hour!.startsWith('0') ? 'oh ' : ''}${cardinal(Number(hour))}`
    const minutes =
      minute === '00' ? 'hundred' : `${minute!.startsWith('0') ? 'oh ' : ''}${cardinal(Number(minute))}`
    return `${hours} ${minutes} hours`
  },
}

export const INSTANTS = [instant, offset, military]
