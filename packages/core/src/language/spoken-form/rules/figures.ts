/** Numbers as they are written: what both languages read alike. */

/** Longer numbers are read digit by digit: nobody says quintillions on the phone. */
export const MAX_NUMBER_DIGITS = 15

/** A number in figures: its whole part without grouping, its decimals as digits (`''`: none). */
export interface Figures {
  readonly negative: boolean
  readonly whole: number
  readonly decimals: string
}

/**
 * `1,234.50`, `-7`, `0.5`. `undefined`: it is none, or it has another reading: a leading zero, more digits than a
 * number has, a grouping that is not by thousands.
 */
export function figuresOf(written: string): Figures | undefined {
  const match =
    /^(?<sign>[-−–+]?)(?<whole>\d{1,20}|\d{1,3}(?:,\d{3}){1,6})(?:\.(?<decimals>\d{1,20}))?$/u.exec(written)
  if (!match) return undefined
  const { sign = '', whole: grouped = '', decimals = '' } = match.groups!
  const whole = grouped.replaceAll(',', '')
  if (whole.length > MAX_NUMBER_DIGITS || (whole.length > 1 && whole.startsWith('0'))) return undefined
  return { negative: sign !== '' && sign !== '+', whole: Number(whole), decimals }
}

/** Digits in the groups they are said in: three each, the last up to four. */
export function digitGroups(digits: string): string[] {
  const groups: string[] = []
  let at = 0
  while (digits.length - at > 4) {
    groups.push(digits.slice(at, at + 3))
    at += 3
  }
  if (at < digits.length) groups.push(digits.slice(at))
  return groups
}

export interface CalendarDay {
  readonly day: number
  /** 1 to 12. */
  readonly month: number
}

/** Days of the longest year. */
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** `undefined`: there is no such day. */
export function calendarDay(day: number, month: number): CalendarDay | undefined {
  const days = DAYS[month - 1]
  return days !== undefined && day >= 1 && day <= days ? { day, month } : undefined
}

/**
 * The day of two numbers parted by a slash or a dot. `dayFirst` decides where both could be a month; `undefined`:
 * nothing does, and neither does this.
 */
export function dayOfTwo(one: number, other: number, dayFirst: boolean | undefined): CalendarDay | undefined {
  const first = calendarDay(one, other)
  const second = calendarDay(other, one)
  if (one === other || !second) return first
  if (!first) return second
  return dayFirst === undefined ? undefined : dayFirst ? first : second
}

/** A year of two digits is near: 70 to 99 are of the last century. */
export function wholeYear(written: string): number {
  const year = Number(written)
  return written.length === 4 ? year : year + (year >= 70 ? 1900 : 2000)
}
