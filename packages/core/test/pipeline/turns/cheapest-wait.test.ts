import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cheapestWaitMs } from '../../../src/pipeline/turns/cheapest-wait.ts'

const BOUNDS = { silentMs: 180, leastMs: 120, mostMs: 1600 }
const wait = (done: number, patienceMs = 2000): number => cheapestWaitMs(done, { ...BOUNDS, patienceMs })

describe('the wait that costs least', () => {
  it('is the least where the caller is surely done, and the most where they surely go on', () => {
    expect(wait(1)).toBe(120)
    expect(wait(0)).toBe(1600)
    expect(wait(0, 0)).toBe(120)
  })

  it('outlasts two pauses in three where it is as likely as not that the caller is done', () => {
    // Of the pauses that outlast 180 ms, 26 % outlast 180 and 600 ms.
    expect(wait(0.5)).toBeGreaterThanOrEqual(600)
    expect(wait(0.5)).toBeLessThanOrEqual(800)
  })

  const probability = fc.double({ min: 0, max: 1, noNaN: true })
  const patience = fc.integer({ min: 0, max: 20_000 })

  it('falls as the caller is more likely done, rises with the cost of an interruption, within its bounds', () => {
    fc.assert(
      fc.property(probability, probability, patience, patience, (p, q, m, n) => {
        const [less, more] = [Math.min(p, q), Math.max(p, q)]
        const [cheap, dear] = [Math.min(m, n), Math.max(m, n)]
        expect(wait(more, dear)).toBeLessThanOrEqual(wait(less, dear))
        expect(wait(less, cheap)).toBeLessThanOrEqual(wait(less, dear))
        expect(wait(p, m)).toBeGreaterThanOrEqual(BOUNDS.leastMs)
        expect(wait(p, m)).toBeLessThanOrEqual(BOUNDS.mostMs)
      }),
    )
  })

  it('has one answer where the bounds are the same', () => {
    expect(cheapestWaitMs(0.5, { silentMs: 0, leastMs: 300, mostMs: 300, patienceMs: 2000 })).toBe(300)
  })
})
