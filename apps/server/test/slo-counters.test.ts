import type { CallEvent } from '@kav/core/host'
import { describe, expect, it } from 'vitest'
import { createMetrics } from '../src/metrics.ts'
import type { Slo } from '../src/slo/objectives.ts'
import { createSloCounters } from '../src/slo/slo-counters.ts'

const event = (name: CallEvent['event'], fields: CallEvent['fields']): CallEvent => ({
  event: name,
  atMs: 0,
  fields,
  private: {},
})

async function counted(slo: Slo, run: (counters: ReturnType<typeof createSloCounters>) => void) {
  const metrics = createMetrics()
  run(createSloCounters(slo, { pipeline: 'desk', metrics: metrics.ofPipeline('desk').metrics }))
  const text = await metrics.render()
  return Object.fromEntries(
    [...text.matchAll(/^kav_slo_(\w+)\{slo="(\w+)",pipeline="desk"\} (\S+)$/gm)].map(
      ([, name, of, value]) => [`${name} ${of}`, Number(value)],
    ),
  )
}

const ALL: Slo = {
  window: '30d',
  availability: 0.999,
  answer_p95_ms: 1200,
  first_words_lost: 0,
  heard_gaps_per_minute: 0.2,
}

describe('what is counted of objectives', () => {
  it('is there from the start, at nought, with what is allowed', async () => {
    expect(await counted(ALL, () => undefined)).toEqual({
      'objective availability': 0.999,
      'allowed availability': 0.001,
      'objective answers': 1.2,
      'allowed answers': 0.05,
      'objective first_words': 0,
      'allowed first_words': 0,
      'objective gaps': 0.2,
      'allowed gaps': 0.2,
      ...Object.fromEntries(
        ['availability', 'answers', 'first_words', 'gaps'].flatMap((name) => [
          [`events_total ${name}`, 0],
          [`bad_total ${name}`, 0],
        ]),
      ),
    })
  })

  it('are calls, answers and minutes, and those that were bad', async () => {
    const told = await counted(ALL, ({ onEvent, onRefused }) => {
      onEvent(event('turn_latency', { turn: 1, first_frame_ms: 1200 }))
      onEvent(event('turn_latency', { turn: 2, first_frame_ms: 1201 }))
      onEvent(event('turn_latency', { turn: 3, turn_end_ms: 700 }))
      const counters = { rx_queue_dropped_frames: 0, tx_underruns: 0 }
      onEvent(event('call_ended', { ended_by: 'caller', duration_ms: 90_000, ...counters, tx_underruns: 2 }))
      onEvent(event('call_ended', { ended_by: 'gave-up', duration_ms: 30_000, ...counters }))
      onEvent(
        event('call_ended', { ended_by: 'limit', duration_ms: 0, ...counters, rx_queue_dropped_frames: 1 }),
      )
      for (const how of ['refuse', 'elsewhere', 'forward'] as const) onRefused(how)
    })
    expect(told).toMatchObject({
      'events_total answers': 2,
      'bad_total answers': 1,
      'events_total availability': 4,
      'bad_total availability': 2,
      'events_total first_words': 3,
      'bad_total first_words': 1,
      'events_total gaps': 2,
      'bad_total gaps': 2,
    })
  })

  it('is nothing of what is not promised', async () => {
    const told = await counted({ window: '30d', answer_p95_ms: 1200 }, ({ onEvent, onRefused }) => {
      onEvent(event('call_ended', { ended_by: 'failure', duration_ms: 1, tx_underruns: 1 }))
      onRefused('refuse')
    })
    expect(Object.keys(told).filter((name) => !name.endsWith(' answers'))).toEqual([])
  })
})
