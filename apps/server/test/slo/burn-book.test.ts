import { createFakeClock, createTestMetrics } from '@kav/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { createMetrics } from '../../src/metrics.ts'
import { type BurnBook, createBurnBook } from '../../src/slo/burn-book.ts'
import { objectivesOf, type Slo } from '../../src/slo/objectives.ts'
import { createSloCounters } from '../../src/slo/slo-counters.ts'
import { renderSum } from '../../src/workers/worker-figures.ts'

const SLO: Slo = { availability: 0.99, window: '30d' }
const MINUTE_MS = 60_000

const ended = (by: string) => ({
  event: 'call_ended' as const,
  atMs: 1000,
  fields: { ended_by: by, duration_ms: 1000 },
  private: {},
})

describe('the burn of an error budget', () => {
  let burns: BurnBook
  afterEach(() => burns.close())

  function rig(slo: Slo = SLO) {
    const time = createFakeClock()
    const metrics = createTestMetrics()
    burns = createBurnBook({ clock: time.clock, metrics })
    const open = () => createSloCounters(slo, { pipeline: 'desk', metrics, burns })
    const counters = open()
    const gauge = (name: string, window: string, of = 'availability') =>
      metrics.value(name, { pipeline: 'desk', slo: of, window })
    const burn = (window: string) => gauge('slo_burn_rate', window)
    const calls = (count: number, by: string, on = counters) => {
      for (let at = 0; at < count; at++) on.onEvent(ended(by))
    }
    return { time, open, gauge, burn, calls, metrics }
  }

  it('is there at nought from the start', () => {
    const { burn, gauge } = rig()
    expect([burn('5m'), burn('1h'), burn('6h'), gauge('slo_window_events', '6h')]).toEqual([0, 0, 0, 0])
  })

  it('is the share of bad ones over what is allowed, in each window of its own', async () => {
    const { time, burn, calls, gauge } = rig()
    calls(96, 'caller')
    calls(4, 'failure')
    await time.advance(10_000)
    expect([burn('5m'), burn('1h'), burn('6h')]).toEqual(
      [4, 4, 4].map((rate) => expect.closeTo(rate, 9) as number),
    )
    await time.advance(10 * MINUTE_MS)
    expect([burn('5m'), burn('1h')]).toEqual([0, expect.closeTo(4, 9)])
    calls(100, 'caller')
    await time.advance(10_000)
    expect([burn('5m'), burn('1h')]).toEqual([0, expect.closeTo(2, 9)])
    expect([gauge('slo_window_events', '1h'), gauge('slo_window_bad', '1h')]).toEqual([200, 4])
    await time.advance(61 * MINUTE_MS)
    expect([burn('1h'), burn('6h')]).toEqual([0, expect.closeTo(2, 9)])
    await time.advance(6 * 60 * MINUTE_MS)
    expect([burn('6h'), gauge('slo_window_events', '6h')]).toEqual([0, 0])
  })

  it('goes on where a file is read anew and promises the same', async () => {
    const { time, open, burn, calls } = rig()
    calls(1, 'failure')
    calls(1, 'caller', open())
    await time.advance(10_000)
    expect(burn('1h')).toBeCloseTo(50, 9)
  })

  it('is none of a budget that there is not', async () => {
    const { time, calls, gauge, metrics } = rig({ first_words_lost: 0, window: '30d' })
    calls(1, 'caller')
    await time.advance(10_000)
    expect(gauge('slo_window_events', '5m', 'first_words')).toBe(1)
    expect(JSON.stringify(metrics)).not.toContain('slo_burn_rate')
  })

  it('is that of all workers together, whatever each had', async () => {
    const workers = [
      { good: 90, bad: 0 },
      { good: 5, bad: 5 },
    ].map(({ good, bad }) => {
      const figures = createMetrics()
      const time = createFakeClock()
      burns = createBurnBook({ clock: time.clock, metrics: figures.metrics })
      const counters = createSloCounters(SLO, {
        pipeline: 'desk',
        metrics: figures.ofPipeline('desk').metrics,
        burns,
      })
      for (let at = 0; at < good; at++) counters.onEvent(ended('caller'))
      for (let at = 0; at < bad; at++) counters.onEvent(ended('failure'))
      // It tells once more.
      burns.of('desk', objectivesOf(SLO)[0]!)
      return figures.figures()
    })
    const text = await renderSum(await Promise.all(workers))
    const value = (name: string) =>
      new RegExp(`^${name}\\{[^}]*window="1h"[^}]*\\} (\\S+)$`, 'm').exec(text)?.[1]
    expect(value('kav_slo_window_events')).toBe('100')
    expect(value('kav_slo_window_bad')).toBe('5')
    expect(Number(value('kav_slo_burn_rate'))).toBeCloseTo(5, 9)
  })
})
