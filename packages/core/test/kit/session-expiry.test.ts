import fc from 'fast-check'
import { expect, it } from 'vitest'
import { leftUntil, renewalOf, SOONEST_RENEWAL_MS } from '../../src/kit/index.ts'

const WALL_MS = Date.UTC(2030, 0, 1)
const NOW_S = WALL_MS / 1000
const RULE = { ownLimitMs: 3_300_000, noticeMs: 240_000 }

it.each([
  ['nothing', undefined, 3_300_000],
  ['null', null, 3_300_000],
  ['an hour', NOW_S + 3600, 3_300_000],
  ['half an hour', NOW_S + 1800, 1_560_000],
  ['a week, for our own limit is sooner', NOW_S + 604_800, 3_300_000],
])('%s is believed', (_name, expiresAtS, afterMs) => {
  expect(renewalOf(expiresAtS, WALL_MS, RULE)).toEqual({ afterMs })
})

it.each([
  ['zero', 0, 'past'],
  ['a moment ago', NOW_S - 1, 'past'],
  ['now', NOW_S, 'past'],
  ['31 s from now', NOW_S + 31, 'too-near'],
  ['what is an hour for a clock that is 56 minutes fast', NOW_S + 240, 'too-near'],
  ['milliseconds', WALL_MS + 3_600_000, 'too-far'],
  ['a day and a thousand years', 1e308, 'too-far'],
  ['a number in the wrong unit the other way', NOW_S / 1000, 'past'],
  ['text', '1900000000', 'no-number'],
  ['an object', {}, 'no-number'],
  ['infinity', Infinity, 'no-number'],
])('%s is not believed', (_name, expiresAtS, doubt) => {
  expect(renewalOf(expiresAtS, WALL_MS, RULE)).toEqual({ afterMs: 3_300_000, doubt })
})

it('whatever a provider and a clock say, no session is renewed sooner than the floor or our own limit', () => {
  const stamp = fc.oneof(fc.anything(), fc.double(), fc.integer({ min: -4e9, max: 4e12 }))
  fc.assert(
    fc.property(
      stamp,
      fc.double({ noNaN: true, min: 0, max: 4e12 }),
      fc.integer({ min: 60_000, max: 86_400_000 }),
      (expiresAtS, wallMs, ownLimitMs) => {
        const { afterMs } = renewalOf(expiresAtS, wallMs, { ownLimitMs, noticeMs: 30_000 })
        expect(afterMs).toBeGreaterThanOrEqual(Math.min(ownLimitMs, SOONEST_RENEWAL_MS))
        expect(afterMs).toBeLessThanOrEqual(ownLimitMs)
      },
    ),
    { numRuns: 2000 },
  )
})

it('what ended lately is told by how long ago, for a credential that somebody forgot to renew', () => {
  expect(leftUntil(NOW_S - 600, WALL_MS)).toBe(-600_000)
})
