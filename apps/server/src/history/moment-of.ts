import { isPeriod, periodMs } from '@kav/core/host'

/** As it is to be written. */
export const MOMENT_FORMS = '12h, 7d, 4w or 1y ago, or a date of UTC as 2026-11-28 or 2026-11-28T14:00:00Z'

const HAS_TIME = /T\d/
const HAS_ZONE = /(?:Z|[+-]\d\d:?\d\d)$/i

/**
 * Wall-clock ms of `7d` (so long ago) or of an ISO 8601 date, of UTC where it names no zone; `undefined`: it is neither.
 */
export function momentOf(text: string, nowMs: number): number | undefined {
  return isPeriod(text) ? nowMs - periodMs(text) : dateOf(text)
}

function dateOf(text: string): number | undefined {
  const ms = Date.parse(HAS_TIME.test(text) && !HAS_ZONE.test(text) ? `${text}Z` : text)
  return Number.isNaN(ms) ? undefined : ms
}
