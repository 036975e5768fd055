import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SPAN_MS, spanBorders } from '../../src/admin/figures/span-borders.ts'

const at = (iso: string): number => Date.parse(iso)
const told = (borders: readonly number[]) => borders.map((ms) => new Date(ms).toISOString().slice(0, 16))

describe('hours and days of a time zone', () => {
  it('are whole, from the first to the last', () => {
    const span = { sinceMs: at('2026-03-04T10:20:00Z'), untilMs: at('2026-03-04T12:00:00Z') }
    expect(told(spanBorders({ ...span, by: 'hour', zone: 'UTC' }))).toEqual([
      '2026-03-04T10:00',
      '2026-03-04T11:00',
      '2026-03-04T12:00',
    ])
    expect(told(spanBorders({ ...span, by: 'hour', zone: 'Asia/Kolkata' }))).toEqual([
      '2026-03-04T09:30',
      '2026-03-04T10:30',
      '2026-03-04T11:30',
      '2026-03-04T12:30',
    ])
    expect(told(spanBorders({ ...span, by: 'day', zone: 'Asia/Jerusalem' }))).toEqual([
      '2026-03-03T22:00',
      '2026-03-04T22:00',
    ])
  })

  it('are as long as the clocks of the zone have them', () => {
    const days = (since: string, until: string, zone: string) =>
      told(spanBorders({ by: 'day', sinceMs: at(since), untilMs: at(until), zone }))
    expect(days('2026-03-28T12:00Z', '2026-03-30T12:00Z', 'Europe/Berlin')).toEqual([
      '2026-03-27T23:00',
      '2026-03-28T23:00',
      '2026-03-29T22:00',
      '2026-03-30T22:00',
    ])
    // The clocks went from midnight to one.
    expect(days('2018-11-03T12:00Z', '2018-11-05T12:00Z', 'America/Sao_Paulo')).toEqual([
      '2018-11-03T03:00',
      '2018-11-04T03:00',
      '2018-11-05T02:00',
      '2018-11-06T02:00',
    ])
  })

  it('refuse a zone that is none', () => {
    expect(() => spanBorders({ by: 'day', sinceMs: 0, untilMs: 1, zone: 'Mars/Olympus' })).toThrow(RangeError)
  })

  it('follow each other without a gap, whatever is asked for', () => {
    const any = fc.record({
      by: fc.constantFrom('hour' as const, 'day' as const),
      sinceMs: fc.integer({ min: at('1990-01-01Z'), max: at('2040-01-01Z') }),
      lastsMs: fc.integer({ min: 1, max: 9 * SPAN_MS.day }),
      zone: fc.constantFrom(
        'UTC',
        'Europe/London',
        'America/Havana',
        'Africa/Cairo',
        'Pacific/Apia',
        'Asia/Kathmandu',
      ),
    })
    fc.assert(
      fc.property(any, ({ lastsMs, ...span }) => {
        const untilMs = span.sinceMs + lastsMs
        const borders = spanBorders({ ...span, untilMs })
        const lengths = borders.slice(1).map((ms, n) => ms - borders[n]!)
        expect(borders[0]).toBeLessThanOrEqual(span.sinceMs)
        expect(borders[1]).toBeGreaterThan(span.sinceMs)
        expect(borders.at(-1)).toBeGreaterThanOrEqual(untilMs)
        expect(borders.at(-2)).toBeLessThan(untilMs)
        for (const length of lengths)
          expect(Math.abs(length - SPAN_MS[span.by])).toBeLessThanOrEqual(3_600_000)
      }),
    )
  })
})
