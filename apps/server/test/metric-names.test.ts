import { describe, expect, it } from 'vitest'
import { exportedFigure } from '../src/metrics/metric-names.ts'
import { createMetrics } from '../src/metrics.ts'
import { hasPromtool, promtool } from './promtool.ts'

function counted(oldNames = false) {
  const made = createMetrics(undefined, { oldNames })
  made.metrics.count('tx_underrun_ms_total', 250)
  made.metrics.count('answers_total', 2, { from: 'a' })
  made.metrics.gauge('lag_ms', 40)
  made.metrics.gauge('active_calls', 3)
  made.metrics.observe('turn_latency_ms', 700, { step: 'first_frame' })
  return made.render()
}

describe('the names of figures', () => {
  it.each([
    ['counter', 'tx_underrun_ms_total', 'kav_tx_underrun_seconds_total', 1000],
    ['counter', 'frames', 'kav_frames_total', 1],
    ['gauge', 'azure_stt_lag_ms', 'kav_azure_stt_lag_seconds', 1000],
    ['gauge', 'waiting_total', 'kav_waiting', 1],
    ['histogram', 'turn_latency_ms', 'kav_turn_latency_seconds', 1000],
    ['counter', 'comms_total', 'kav_comms_total', 1],
  ] as const)('of a %s, %s, are Prometheus’s: %s', (kind, name, exported, divisor) => {
    const old = exported === `kav_${name}` ? undefined : `kav_${name}`
    expect(exportedFigure(kind, name)).toEqual({ name: exported, divisor, oldName: old })
  })

  it('come with values and bounds in seconds', async () => {
    const text = await counted()
    expect(text).toContain('kav_tx_underrun_seconds_total 0.25')
    expect(text).toContain('kav_lag_seconds 0.04')
    expect(text).toContain('kav_turn_latency_seconds_sum{step="first_frame"} 0.7')
    expect(text).toContain('kav_turn_latency_seconds_bucket{le="0.75",step="first_frame"} 1')
    expect(text).toContain('kav_turn_latency_seconds_bucket{le="0.5",step="first_frame"} 0')
    expect(text).not.toMatch(/_ms\b|_ms_/)
  })

  it('are the old ones, too, where that is asked for', async () => {
    const text = await counted(true)
    expect(text).toContain('kav_tx_underrun_ms_total 250')
    expect(text).toContain('kav_turn_latency_ms_sum{step="first_frame"} 700')
    expect(text).toContain('kav_turn_latency_seconds_sum{step="first_frame"} 0.7')
    expect(text.match(/^kav_answers_total/gm)).toHaveLength(1)
  })

  it('end in _total where they count, and nowhere else', async () => {
    for (const [, name, kind] of (await counted()).matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      expect([name, name!.endsWith('_total')]).toEqual([name, kind === 'counter'])
    }
  })

  it.skipIf(!hasPromtool)('are to promtool’s liking', async () => {
    expect(promtool(['check', 'metrics'], await counted())).toBe('')
    expect(promtool(['check', 'metrics'], await counted(true))).not.toBe('')
  })
})
