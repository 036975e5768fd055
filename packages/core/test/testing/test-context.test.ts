import { expect, it } from 'vitest'
import { createTestLogger, createTestMetrics, testContext } from '../../src/testing/index.ts'

it('the test logger keeps lines with the fields of its children', () => {
  const log = createTestLogger()
  log.info({ port: 1 }, 'listening')
  log.child({ callId: 'a', stage: 'stt' }).child({ stage: 'tts' }).warn({ tries: 2 }, 'retrying')
  expect(log.entries).toEqual([
    { level: 'info', fields: { port: 1 }, message: 'listening' },
    { level: 'warn', fields: { callId: 'a', stage: 'tts', tries: 2 }, message: 'retrying' },
  ])
  expect(log.find('retrying')).toHaveLength(1)
})

it('the test metrics add up counters over labels and keep the last gauge', () => {
  const metrics = createTestMetrics()
  metrics.count('drops_total')
  metrics.count('drops_total', 2, { queue: 'rx' })
  metrics.gauge('calls', 3)
  metrics.gauge('calls', 1)
  metrics.observe('write_ms', 4)
  metrics.observe('write_ms', 6)
  expect(metrics.value('drops_total')).toBe(3)
  expect(metrics.value('drops_total', { queue: 'rx' })).toBe(2)
  expect(metrics.value('calls')).toBe(1)
  expect(metrics.value('never_seen_total')).toBe(0)
  expect(metrics.all().map(({ name, values }) => [name, values])).toContainEqual(['write_ms', [4, 6]])
})

it('the test context can be overridden in part', () => {
  const log = createTestLogger()
  const context = testContext({ log, baseDir: '/srv' })
  context.log.info({}, 'hello')
  context.metrics.count('greetings_total')
  expect(log.entries).toHaveLength(1)
  expect(context.metrics.value('greetings_total')).toBe(1)
  expect(context.baseDir).toBe('/srv')
  expect(context.clock.nowMs()).toBeGreaterThan(0)
})
