import { calendarDay } from '../../rules/figures.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal } from '../numbers/numbers.ts'
import { withPrefix } from '../numbers/prefixes.ts'
import { dateWords } from './dates.ts'
import { timeOf, timeWords } from './times.ts'

function zoneWords(zone: string | undefined): string {
  if (zone === undefined) return ''
  const { sign, hours, minutes } =
    /^(?<sign>[+−-])(?<hours>\d{2}):?(?<minutes>\d{2})?$/u.exec(zone)?.groups ?? {}
  const rest = Number(minutes ?? 0)
  if (sign === undefined || Number(hours) + rest === 0) return ' UTC'
  const offset = `${cardinal(Number(hours))}${rest === 0 ? '' : ` ${cardinal(rest)}`}`
  return ` UTC ${sign === '+' ? 'פלוס' : 'מינוס'} ${offset}`
}

/** `2026-03-14T09:30:00Z`, `ב-2026-03-14 09:30` */
const instant: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_./:-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[T ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d{1,9})?)?(?<zone>Z|[+−-]\d{2}(?::?\d{2})?)?(?![\p{L}\p{N}_:/+-]|[.,]\d)/gu,
  say({ prefix, year, month, day, hour, minute, second, zone }, { after }) {
    const date = calendarDay(Number(day), Number(month))
    const time = timeOf(hour!, minute!)
    if (!date || !time) return undefined
    const seconds = Number(second ?? 0)
    const behind = seconds === 0 ? '' : ` ו${seconds === 1 ? 'שנייה' : `${cardinal(seconds)} שניות`}`
    const said = `${dateWords(date, year)} בשעה ${timeWords(time, after)}${behind}${zoneWords(zone)}`
    return withPrefix(prefix, said)
  },
}

export const INSTANTS = [instant]
