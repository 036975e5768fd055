import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRowSlots } from '../src/past/row-slots.ts'
import { OVERSCAN_ROWS, scrollTo, STEP_ROWS, windowOf } from '../src/past/window-of.ts'

it('draws what is in sight and a little more, of any number of rows', () => {
  expect(windowOf({ scrollPx: 0, boxPx: 400, rowPx: 40, count: 10_000 })).toEqual({
    first: 0,
    end: 20,
  })
  expect(windowOf({ scrollPx: 200_010, boxPx: 400, rowPx: 40, count: 10_000 })).toEqual({
    first: 4992,
    end: 5020,
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
      expect(end - first).toBeLessThanOrEqual(view.boxPx / view.rowPx + 2 * (OVERSCAN_ROWS + STEP_ROWS) + 2)
      for (const at of [0, view.boxPx - 1]) {
        const row = Math.floor((view.scrollPx + at) / view.rowPx)
        if (view.boxPx > 0 && row < view.count) expect(row >= first && row < end).toBe(true)
      }
    }),
  )
})

it('is the same until a step of rows was scrolled', () => {
  const windows = Array.from({ length: 4000 }, (_, scrollPx) =>
    JSON.stringify(windowOf({ scrollPx, boxPx: 400, rowPx: 40, count: 10_000 })),
  )
  const changes = windows.filter((one, index) => index > 0 && one !== windows[index - 1]).length
  // Once for what comes and once for what goes.
  expect(changes).toBeLessThanOrEqual(2 * (4000 / 40 / STEP_ROWS))
})

it('gives a place that falls free to a row that comes, and leaves every other where it is', () => {
  const rows = fc.array(fc.nat(60), { maxLength: 30 }).map((some) => [...new Set(some)])
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 20 }), (views) => {
      const slots = createRowSlots()
      let before = new Map<number, number>()
      let most = 0
      for (const view of views) {
        const places = slots.place(view)
        most = Math.max(most, view.length)
        expect(new Set(places).size).toBe(view.length)
        for (const place of places) expect(place).toBeLessThan(most)
        const now = new Map(view.map((row, index) => [row, places[index]!]))
        for (const [row, place] of now) expect(place).toBe(before.get(row) ?? place)
        before = now
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
