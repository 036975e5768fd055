import { describe, expect, it } from 'vitest'
import { addedUp, latencyBySteps, quantileOf } from '../src/figures/histogram.ts'
import { callsIn, groupsIn, OUTCOME_GROUPS, stackedColumns } from '../src/figures/outcome-groups.ts'
import { spanOf, spanQuery } from '../src/figures/shown-span.ts'
import { spokenSpan } from '../src/figures/spoken-span.ts'
import { FIGURES, NO_FIGURES } from './fake-api/figures.ts'

it('adds histograms up, and finds a quantile as Prometheus does', () => {
  const one = { upToMs: [1000, 2000], counts: [1, 2], count: 4 }
  const sum = addedUp([one, { ...one, counts: [1, 2] }])
  expect(sum).toEqual({ upToMs: [1000, 2000], counts: [2, 4], count: 8 })
  expect(quantileOf(sum, 0.25)).toBe(1000)
  expect(quantileOf(sum, 0.375)).toBe(1500)
  expect(quantileOf(sum, 0.99)).toBe(2000)
  expect(quantileOf(addedUp([]), 0.5)).toBeUndefined()
  // Borders that only one has say nothing of the sum.
  expect(addedUp([one, { upToMs: [500, 2000], counts: [3, 3], count: 3 }])).toEqual({
    upToMs: [2000],
    counts: [5],
    count: 7,
  })
})

it('has the latencies of one pipeline, or of all', () => {
  expect(quantileOf(latencyBySteps(FIGURES.latency, undefined).first_frame, 0.5)).toBeCloseTo(739, 0)
  expect(latencyBySteps(FIGURES.latency, 'front-desk').first_frame.count).toBe(863)
  expect(latencyBySteps(FIGURES.latency, 'reminders').first_frame.count).toBe(0)
  expect(latencyBySteps(NO_FIGURES.latency, undefined).turn_end.count).toBe(0)
})

describe('how calls ended', () => {
  const span = (ended: Readonly<Record<string, number>>, running = 0) => ({
    since: '2026-03-04T10:00:00.000Z',
    until: '2026-03-04T11:00:00.000Z',
    ended,
    running,
  })

  it('is shown in groups that lose no call, also of outcomes that are new', () => {
    const spans = [span({ caller: 2, killed: 1, failure: 1 }), span({ 'of tomorrow': 3 }, 2)]
    expect(spans.map(callsIn)).toEqual([4, 5])
    expect(groupsIn(spans).map(({ key }) => key)).toEqual(['caller', 'failed', 'other', 'running'])
    expect(stackedColumns(spans, groupsIn(spans))).toEqual([
      [4, 5],
      [4, 3],
      [4, 0],
      [2, 0],
    ])
    expect(new Set(OUTCOME_GROUPS.map(({ colour }) => colour)).size).toBe(OUTCOME_GROUPS.length)
  })

  it('is said in words', () => {
    expect(spokenSpan(span({ caller: 2, limit: 1 }), 'hour')).toMatch(
      /: 3 calls: 2 caller hung up, 1 cut short$/,
    )
    expect(spokenSpan(span({}, 1), 'day')).toMatch(/: 1 call: 1 not ended$/)
    expect(spokenSpan(span({}), 'day')).toMatch(/: 0 calls$/)
  })

  it('is asked for by whole hours and days, the present one included', () => {
    const query = spanQuery(spanOf('week'), 'front-desk')
    const [since, until] = ['since', 'until'].map((name) => Date.parse(query.get(name)!))
    expect(until! - since!).toBe(6 * 86_400_000 + 1)
    expect(query.get('by')).toBe('day')
    expect(query.get('pipeline')).toBe('front-desk')
    expect(spanOf('nonsense').key).toBe('day')
  })
})
