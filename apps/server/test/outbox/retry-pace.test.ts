import { expect, it } from 'vitest'
import { createRetryPace } from '../../src/outbox/retry-pace.ts'

const LIMITS = { atATime: 3, firstPauseMs: 1000, maxPauseMs: 8000, random: () => 0 }

it('a fault costs its item alone, until as many have failed in a row as may be on their way at once', () => {
  const pace = createRetryPace(LIMITS)
  const state = () => [pace.atATime, pace.openMs]
  expect([pace.failed(500, 1), ...state()]).toEqual([1000, 3, 0])
  expect([pace.failed(500, 3), ...state()]).toEqual([4000, 3, 0])
  // One alone from now on, behind pauses that double up to the ceiling.
  expect([pace.failed(500, 1), ...state()]).toEqual([1000, 1, 1500])
  expect([pace.failed(1500, 2), ...state()]).toEqual([2000, 1, 3500])
  expect([pace.failed(3500, 9), ...state()]).toEqual([8000, 1, 7500])
  expect([pace.failed(7500, 3), ...state()]).toEqual([4000, 1, 15_500])
  expect([pace.failed(15_500, 4), ...state()]).toEqual([8000, 1, 23_500])
  pace.delivered()
  expect(state()).toEqual([3, 0])
  expect([pace.failed(30_000, 1), ...state()]).toEqual([1000, 3, 0])
})

it('where one alone is on its way, its fault holds the others', () => {
  const pace = createRetryPace({ ...LIMITS, atATime: 1 })
  pace.failed(0, 1)
  expect([pace.atATime, pace.openMs]).toEqual([1, 1000])
})

it('many that lost the same place do not come back at once', () => {
  const pace = createRetryPace({ ...LIMITS, atATime: 1, random: () => 1 })
  expect([pace.failed(0, 1), pace.openMs]).toEqual([800, 800])
})
