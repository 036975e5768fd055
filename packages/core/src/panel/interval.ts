/** A stretch of time in one recording or call; milliseconds from its beginning, `endMs` itself not included. */
export interface Interval {
  readonly startMs: number
  readonly endMs: number
}

/**
 * In order of time, as one where they overlap or where the silence between two is shorter than `gapMs`. Empty ones are
 * left out. Throws a `RangeError` for one that ends before it starts, or whose times are no numbers.
 */
export function joinIntervals(intervals: readonly Interval[], gapMs = 0): Interval[] {
  const joined: { startMs: number; endMs: number }[] = []
  for (const { startMs, endMs } of intervals.map(checked).sort((a, b) => a.startMs - b.startMs)) {
    if (endMs === startMs) continue
    const last = joined.at(-1)
    if (last && (startMs <= last.endMs || startMs - last.endMs < gapMs))
      last.endMs = Math.max(last.endMs, endMs)
    else joined.push({ startMs, endMs })
  }
  return joined
}

/** How long the two of them last at the same time. */
export function overlapMs(a: Interval, b: Interval): number {
  return Math.max(0, Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs))
}

/** The one that goes on at `atMs`. */
export function intervalAt(intervals: readonly Interval[], atMs: number): Interval | undefined {
  return intervals.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)
}

export function totalOverlapMs(intervals: readonly Interval[], within: Interval): number {
  return intervals.reduce((totalMs, interval) => totalMs + overlapMs(interval, within), 0)
}

function checked(interval: Interval): Interval {
  const { startMs, endMs } = interval
  if (Number.isFinite(startMs) && Number.isFinite(endMs) && endMs >= startMs) return interval
  throw new RangeError(`An interval from ${startMs} to ${endMs} ms is none`)
}
