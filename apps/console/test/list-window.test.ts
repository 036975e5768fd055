import fc from 'fast-check'
import { expect, it } from 'vitest'
import { OVERSCAN_ROWS, scrollTo, windowOf } from '../src/past/window-of.ts'

it('draws what is in sight and a little more, of any number of rows', () => {
  expect(windowOf({ scrollPx: 0, boxPx: 400, rowPx: 40, count: 10_000 })).toEqual({
    first: 0,
    end: 10 + OVERSCAN_ROWS,
  })
  expect(windowOf({ scrollPx: 200_010, boxPx: 400, rowPx: 40, count: 10_000 })).toEqual({
    first: 4992,
    end: 5019,
  })
  expect(windowOf({ scrollPx: 0, boxPx: 400, rowPx: 40, count: 3 })).toEqual({ first: 0, end: 3 })
})

it('has every row that can be seen, and never many', () => {
  const any = fc.record({
    scrollPx: fc.integer({ min: 0, max: 500_000 }),
    boxPx: fc.integer({ min: 0, max: 2000 }),
    rowPx: fc.integer({ min: 20, max: 80 }),
    count: fc.nat(10_000),
  })
  fc.assert(
    fc.property(any, (view) => {
      const { first, end } = windowOf(view)
      expect(first).toBeGreaterThanOrEqual(0)
      expect(end).toBeLessThanOrEqual(view.count)
      expect(end - first).toBeLessThanOrEqual(view.boxPx / view.rowPx + 2 * OVERSCAN_ROWS + 2)
      for (const at of [0, view.boxPx - 1]) {
        const row = Math.floor((view.scrollPx + at) / view.rowPx)
        if (view.boxPx > 0 && row < view.count) expect(row >= first && row < end).toBe(true)
      }
    }),
  )
})

it('scrolls no further than a row needs', () => {
  const view = { scrollPx: 100, boxPx: 400, rowPx: 40 }
  expect(scrollTo(5, view)).toBe(100)
  expect(scrollTo(1, view)).toBe(40)
  expect(scrollTo(20, view)).toBe(440)
})
