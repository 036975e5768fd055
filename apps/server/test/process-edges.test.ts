import { createTestLogger } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../src/environment.ts'
import { createMetrics } from '../src/metrics.ts'

describe('the process environment', () => {
  it('has defaults', () => {
    expect(readEnvironment({})).toMatchObject({ port: 8080, logLevel: 'info', logPrivate: true })
  })

  it('keeps what callers say out of the log only by a word it knows', () => {
    expect(readEnvironment({ KAV_LOG_PRIVATE: 'off' }).logPrivate).toBe(false)
    expect(() => readEnvironment({ KAV_LOG_PRIVATE: 'false' })).toThrow(
      'KAV_LOG_PRIVATE is "false"; one of on, off is expected',
    )
  })

  it('names a log level that is none', () => {
    expect(() => readEnvironment({ LOG_LEVEL: 'loud' })).toThrow(/^LOG_LEVEL is "loud"; one of trace, debug/)
  })
})

describe('the metrics of the process', () => {
  it('leave out a figure that cannot be kept, and tell of it once', async () => {
    const log = createTestLogger()
    const { metrics, render } = createMetrics(log)
    metrics.count('answers_total')
    metrics.count('answers_total', 1, { from: 'a' })
    metrics.count('answers_total', 1, { from: 'a' })
    metrics.observe('no name', 1)
    metrics.gauge('answers_total', 1)
    expect(await render()).toContain('kav_answers_total 1')
    const told = log.entries.map((entry) => entry.fields['metric'])
    expect(told).toEqual(['answers_total', 'no name'])
  })
})
