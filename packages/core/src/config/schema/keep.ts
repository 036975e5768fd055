import { Type } from '@sinclair/typebox'
import { CLOSED_WITH_DEFAULTS } from './field.ts'

const PERIOD = /^[1-9][0-9]{0,4}[hdwy]$/

const period = (what: string) =>
  Type.Optional(Type.String({ description: `${what}: 12h, 7d, 4w or 1y.`, pattern: PERIOD.source }))

/** Nothing is erased by default. */
export const KeepSchema = Type.Object(
  {
    audio: period('Recordings'),
    transcript: period('What was said, and what tools were told; the facts of the call stay'),
    record: period('All that there is of a call'),
  },
  {
    ...CLOSED_WITH_DEFAULTS,
    description: 'How long calls are kept, in the store and in the files of `record.dir`. Absent: for ever.',
  },
)

const HOUR_MS = 3_600_000
const UNIT_MS: Readonly<Record<string, number>> = {
  h: HOUR_MS,
  d: 24 * HOUR_MS,
  w: 7 * 24 * HOUR_MS,
  y: 365 * 24 * HOUR_MS,
}

export function isPeriod(value: unknown): value is string {
  return typeof value === 'string' && PERIOD.test(value)
}

/** Ms of a period that the schema has found right. */
export function periodMs(text: string): number {
  return Number(text.slice(0, -1)) * UNIT_MS[text.slice(-1)]!
}
