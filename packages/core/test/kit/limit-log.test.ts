import { expect, it } from 'vitest'
import { limitLog } from '../../src/kit/limit-log.ts'
import { LINES_AT_ONCE } from '../../src/kit/line-budget.ts'
import { createFakeClock, createTestLogger, createTestMetrics } from '../../src/testing/index.ts'

const SUMMARY = 'LOG: lines of one kind left out'

function rig() {
  const time = createFakeClock()
  const log = createTestLogger()
  const metrics = createTestMetrics()
  const limited = limitLog({ log, clock: time.clock, metrics })
  return { time, log, metrics, limited }
}

it('of each kind a few lines at once, whatever level and child they come through', () => {
  const { log, limited, metrics } = rig()
  for (let count = 0; count < 10; count++) {
    limited.warn({ count }, 'one')
    limited.child({ at: 'door' }).error({ count }, 'one')
  }
  limited.info({}, 'two')
  expect(log.find('one')).toHaveLength(LINES_AT_ONCE)
  expect(log.find('one')[1]).toEqual({ level: 'error', fields: { at: 'door', count: 0 }, message: 'one' })
  expect(log.find('two')).toHaveLength(1)
  expect(metrics.value('log_lines_left_out_total', { line: 'one' })).toBe(20 - LINES_AT_ONCE)
})

it('the next line that is written says how many were not', async () => {
  const { time, log, limited } = rig()
  for (let count = 0; count < LINES_AT_ONCE + 3; count++) limited.warn({}, 'one')
  await time.advance(1000)
  limited.warn({ and: 'more' }, 'one')
  expect(log.find('one').at(-1)?.fields).toEqual({ and: 'more', leftOut: 3 })
  limited.warn({}, 'one')
  expect(log.find('one')).toHaveLength(LINES_AT_ONCE + 1)
  // Those that were told of are not told of again.
  await time.advance(1000)
  limited.warn({}, 'one')
  expect(log.find('one').at(-1)?.fields).toEqual({ leftOut: 1 })
})

it('when none comes they are told by themselves, once', async () => {
  const { time, log, limited } = rig()
  for (let count = 0; count < LINES_AT_ONCE + 3; count++) limited.warn({}, 'one')
  await time.advance(60_000)
  expect(log.find(SUMMARY).map(({ fields }) => fields)).toEqual([{ line: 'one', leftOut: 3 }])
})

it('texts without end share one budget', () => {
  const { log, limited } = rig()
  for (let count = 0; count < 10_000; count++) limited.warn({}, `text ${count}`)
  expect(log.entries.length).toBeLessThan(110)
})
