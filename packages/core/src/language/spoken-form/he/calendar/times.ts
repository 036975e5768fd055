import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { cardinal, counting } from '../numbers/numbers.ts'
import { withPrefix } from '../numbers/prefixes.ts'

/** The part of the day, by the clock of 24 hours. */
function partOfDay(hour: number): string {
  if (hour < 5 || hour >= 22) return 'בלילה'
  if (hour < 12) return 'בבוקר'
  if (hour < 16) return 'בצהריים'
  return hour < 18 ? 'אחר הצהריים' : 'בערב'
}

/** The text tells it already. */
const TOLD =
  /^,? (?:בבוקר|בצהריים|בצהרים|אחר הצהריים|אחרי הצהריים|אחה["״]צ|בערב|בלילה|לפנות|לפני הצהריים|לפנה["״]צ)/u

export interface TimeOfDay {
  readonly hour: number
  readonly minute: number
  /** Only the clock of 24 hours is written so. */
  readonly sure: boolean
}

export function timeOf(hour: string, minute: string): TimeOfDay | undefined {
  const hours = Number(hour)
  const minutes = Number(minute)
  if (hours > 24 || minutes > 59 || (hours === 24 && minutes > 0)) return undefined
  return { hour: hours % 24, minute: minutes, sure: hours > 12 || hour.startsWith('0') }
}

/** `שבע וחצי`, `רבע לשמונה`, `שמונה וחמש דקות`, and the part of the day where it is known and not told. */
export function timeWords({ hour, minute, sure }: TimeOfDay, after: string): string {
  const name = (hours: number): string => cardinal(hours % 12 === 0 ? 12 : hours % 12)
  const part = sure && !TOLD.test(after) ? ` ${partOfDay(hour)}` : ''
  return clockWords(name(hour), name(hour + 1), minute) + part
}

function clockWords(hour: string, next: string, minute: number): string {
  if (minute === 0) return hour
  if (minute === 15) return `${hour} ורבע`
  if (minute === 30) return `${hour} וחצי`
  if (minute === 45) return `רבע ל${next}`
  if (minute === 1) return `${hour} ודקה`
  if (minute <= 10) return `${hour} ו${counting(minute, 'feminine')} דקות`
  return `${hour} ${minute < 20 || minute % 10 === 0 ? 'ו' : ''}${cardinal(minute)}`
}

/** `14:30`, `ב-8:05` */
const clock: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<hour>\d{1,2}):(?<minute>\d{2})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ prefix, hour, minute }, { before, after }) {
    const time = timeOf(hour!, minute!)
    if (!time || /(?:יחס|תוצאה)(?: של)?\s$/u.test(before)) return undefined
    return withPrefix(prefix, timeWords(time, after))
  },
}

/** `9:00-17:00`, `מ-9:00 עד 17:00` is two times. */
const range: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[והבכלמש]{1,3}[-־])?(?<hour>\d{1,2}):(?<minute>\d{2}) ?[-–] ?(?<toHour>\d{1,2}):(?<toMinute>\d{2})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say({ prefix, hour, minute, toHour, toMinute }, { after }) {
    const from = timeOf(hour!, minute!)
    const to = timeOf(toHour!, toMinute!)
    if (!from || !to) return undefined
    return withPrefix(prefix, `${timeWords(from, '')} עד ${timeWords(to, after)}`)
  },
}

/** `14:30:15` has no one way to be said. */
const withSeconds: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,/-])\d{1,3}(?::\d{1,3}){2,}(?![\p{L}\p{N}_])/gu,
  say: (_groups, { whole }) => whole,
}

export const TIMES = [withSeconds, range, clock]
