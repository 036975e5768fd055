import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../src/metrics.ts'
import { SummedFigures } from '../../src/workers/summed-figures.ts'
import { renderSum } from '../../src/workers/worker-figures.ts'

/** A process that has counted so many calls, of which one is still on. */
async function figuresOf(calls: number) {
  const { metrics, figures } = createMetrics()
  metrics.count('calls', calls)
  metrics.observe('turn_ms', 30, {})
  metrics.gauge('active_calls', 1)
  metrics.gauge('twilio_streams_open', 1)
  return await figures()
}

const rowsOf = async (sums: SummedFigures, there: readonly object[]) =>
  (await renderSum(await sums.of(there)))
    .split('\n')
    .filter((row) => /^kav_(calls|turn\S*count|active|twilio)/.test(row))

describe('figures of workers in sum', () => {
  it('keep what those had counted that are late or have ended, and no state of theirs', async () => {
    const sums = new SummedFigures()
    const [one, two, next] = [{}, {}, {}]
    sums.told(one, await figuresOf(5))
    sums.told(two, await figuresOf(7))
    const both = [
      'kav_calls_total 12',
      'kav_turn_seconds_count 2',
      'kav_active_calls 2',
      'kav_twilio_streams_open 2',
    ]
    expect((await rowsOf(sums, [one, two])).toSorted()).toEqual(both.toSorted())
    // The second is late: nobody has told anything since.
    expect(await rowsOf(sums, [one, two])).toContain('kav_calls_total 12')
    const ended = [
      'kav_calls_total 12',
      'kav_turn_seconds_count 2',
      'kav_active_calls 1',
      'kav_twilio_streams_open 1',
    ]
    for (let scrapes = 0; scrapes < 3; scrapes++)
      expect((await rowsOf(sums, [two])).toSorted()).toEqual(ended.toSorted())
    sums.told(next, await figuresOf(1))
    expect(await rowsOf(sums, [two, next])).toContain('kav_calls_total 13')
    expect(await rowsOf(sums, [])).toContain('kav_calls_total 13')
  })
})
