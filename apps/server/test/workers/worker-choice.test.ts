import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leastLoaded, type Loaded } from '../../src/workers/worker-choice.ts'

const worker = (slot: number, calls: number, more: Partial<Loaded> = {}): Loaded => ({
  slot,
  calls,
  underWay: 0,
  cpuShare: calls * 0.01,
  isLast: false,
  ...more,
})

describe('the worker of the next call', () => {
  it('has the fewest calls, those counted that may come of requests under way', () => {
    expect(leastLoaded([worker(1, 7), worker(2, 6), worker(3, 8)])?.slot).toBe(2)
    expect(leastLoaded([worker(1, 7), worker(2, 6, { underWay: 3 })])?.slot).toBe(1)
    expect(leastLoaded([])).toBeUndefined()
  })

  it('has fewer calls where it is busy and the others are not, and as many where none is', () => {
    const busy = worker(1, 20, { cpuShare: 0.9 })
    expect(
      leastLoaded([busy, worker(2, 30, { cpuShare: 0.3 }), worker(3, 32, { cpuShare: 0.3 })])?.slot,
    ).toBe(2)
    // What a process costs with few calls is not what each of them costs.
    expect(leastLoaded([worker(1, 20, { cpuShare: 0.6 }), worker(2, 21, { cpuShare: 0.2 })])?.slot).toBe(1)
    const all = [worker(1, 20, { cpuShare: 0.9 }), worker(2, 21, { cpuShare: 0.8 })]
    expect(leastLoaded(all)?.slot).toBe(1)
  })

  it('is a late one only where all are', () => {
    expect(leastLoaded([worker(1, 0, { isLast: true }), worker(2, 50)])?.slot).toBe(2)
    expect(leastLoaded([worker(1, 9, { isLast: true }), worker(2, 5, { isLast: true })])?.slot).toBe(2)
  })

  it('is another one each time where all are alike', () => {
    const four = [1, 2, 3, 4].map((slot) => worker(slot, 0))
    const asked = [4, 1, 2, 3].map((last) => leastLoaded(four, last)?.slot)
    expect(asked).toEqual([1, 2, 3, 4])
  })

  it('keeps them even, whatever begins and ends: never two calls apart when calls only begin', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 0, max: 400 }), (count, calls) => {
        const has = Array.from({ length: count }, () => 0)
        let last = -1
        for (let call = 0; call < calls; call++) {
          const loaded = has.map((held, slot) => worker(slot, held))
          last = leastLoaded(loaded, last)!.slot
          has[last]!++
        }
        expect(Math.max(...has) - Math.min(...has)).toBeLessThanOrEqual(1)
      }),
    )
  })
})
