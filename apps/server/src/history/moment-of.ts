import { isPeriod, periodMs } from '@kav/core/host'

/** As it is to be written. */
export const MOMENT_FORMS = '12h, 7d, 4w or 1y ago, or a date of UTC as 2026-11-28 or 2026-11-28T14:00:00Z'

/** `Date.parse` takes more: "12" for December 2001, February 30th for the second of March. */
const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/i

/**
 * Wall-clock ms of `7d` (so long ago) or of an ISO 8601 date, of UTC where it names no zone; `undefined`: it is neither.
 */
export function momentOf(text: string, nowMs: number): number | undefined {
  return isPeriod(text) ? nowMs - periodMs(text) : dateMs(text)
}

/** Of a date alone. */
export function dateMs(text: string): number | undefined {
  const [found, year, month, day, zone] = DATE.exec(text) ?? []
  if (found === undefined) return undefined
  const hasTime = found.length > '2026-11-28'.length
  const ms = Date.parse(`${found.replace(' ', 'T')}${hasTime && zone === undefined ? 'Z' : ''}`)
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const isOfCalendar = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  return Number.isNaN(ms) || !isOfCalendar ? undefined : ms
}
