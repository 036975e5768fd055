export type SpanLength = 'hour' | 'day'

export const SPAN_MS: Readonly<Record<SpanLength, number>> = { hour: 3_600_000, day: 86_400_000 }

/**
 * Where the hours or days of a time zone begin, from the one that `sinceMs` is in to the end of the one before
 * `untilMs`: days of 23 and 25 hours among them.
 * @throws RangeError for a zone that is none
 */
export function spanBorders(span: {
  readonly by: SpanLength
  readonly sinceMs: number
  readonly untilMs: number
  /** `Europe/Berlin`. */
  readonly zone: string
}): readonly number[] {
  const clock = wallClockOf(span.zone)
  const borders: number[] = []
  const { sinceMs, untilMs } = span
  const first = clock(sinceMs)
  for (let n = 0; borders.at(-1) === undefined || borders.at(-1)! < untilMs; n++)
    borders.push(
      span.by === 'day'
        ? dayStart(clock, Math.floor(first / SPAN_MS.day) + n)
        : sinceMs - (((first % SPAN_MS.hour) + SPAN_MS.hour) % SPAN_MS.hour) + n * SPAN_MS.hour,
    )
  return borders
}

/** What clocks of a zone show at a moment, as if it were UTC. */
type WallClock = (atMs: number) => number

/** @param day since the Unix epoch, on the zone's own calendar */
function dayStart(clock: WallClock, day: number): number {
  const midnight = day * SPAN_MS.day
  const offset = (atMs: number): number => clock(atMs) - atMs
  const before = midnight - offset(midnight)
  // The clocks may be changed between the two; where they skip midnight, the day begins with what follows it.
  const starts = [midnight - offset(before), before].filter(
    (atMs) => Math.floor(clock(atMs) / SPAN_MS.day) === day,
  )
  return starts.length === 0 ? before : Math.min(...starts)
}

function wallClockOf(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (atMs) => {
    const whole = Math.floor(atMs / 1000) * 1000
    const parts = new Map(format.formatToParts(whole).map(({ type, value }) => [type, Number(value)]))
    const [year, month, day] = [parts.get('year')!, parts.get('month')!, parts.get('day')!]
    const [hour, minute, second] = [parts.get('hour')!, parts.get('minute')!, parts.get('second')!]
    return Date.UTC(year, month - 1, day, hour, minute, second) + (atMs - whole)
  }
}
