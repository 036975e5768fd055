import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createAnswerWaits,
  HARDLY_LATER,
  KEPT_ANSWERS,
  MIN_ANSWERS,
} from '../../src/providers/answer-waits.ts'

const waitMs = fc.integer({ min: 0, max: 20_000 })
const noted = (all: readonly number[]) => {
  const waits = createAnswerWaits()
  for (const each of all) waits.note(each)
  return waits
}

describe('how long the answers of a model take', () => {
  it('is not known from a few', () => {
    const waits = noted(Array.from({ length: MIN_ANSWERS - 1 }, () => 500))
    expect(waits.quantileMs(0.9)).toBeUndefined()
    expect(waits.remainingMs(0)).toBeUndefined()
    waits.note(500)
    expect(waits.quantileMs(0.9)).toBe(500)
    expect(waits.remainingMs(0)).toBe(500)
  })

  it('is said by its last answers alone', () => {
    fc.assert(
      fc.property(
        fc.array(waitMs),
        fc.array(waitMs, { minLength: KEPT_ANSWERS, maxLength: 80 }),
        (old, last) => {
          const share = (all: readonly number[]) =>
            [0, 0.5, 0.9, 1].map((each) => noted(all).quantileMs(each))
          expect(share([...old, ...last])).toEqual(share(last.slice(-KEPT_ANSWERS)))
        },
      ),
    )
  })

  it('is one that so many did not exceed', () => {
    fc.assert(
      fc.property(
        fc.array(waitMs, { minLength: MIN_ANSWERS, maxLength: KEPT_ANSWERS }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (all, share) => {
          const ms = noted(all).quantileMs(share)!
          const within = all.filter((each) => each <= ms).length
          const below = all.filter((each) => each < ms).length
          expect(within / all.length).toBeGreaterThanOrEqual(share - 1e-9)
          expect(below / all.length).toBeLessThan(share)
        },
      ),
    )
  })

  it('leaves a time to come that only those that took longer have a say in', () => {
    fc.assert(
      fc.property(
        fc.array(waitMs, { minLength: MIN_ANSWERS, maxLength: KEPT_ANSWERS }),
        waitMs,
        (all, elapsedMs) => {
          const longer = all.filter((each) => each > elapsedMs)
          const leftMs = noted(all).remainingMs(elapsedMs)
          if (longer.length === 0) {
            const nearMs = Math.max(...all) * HARDLY_LATER - elapsedMs
            expect(leftMs).toBe(nearMs > 0 ? nearMs : undefined)
            return
          }
          expect(leftMs).toBeGreaterThan(0)
          expect(longer).toContain(elapsedMs + leftMs!)
          const half = longer.filter((each) => each <= elapsedMs + leftMs!).length
          expect(half * 2).toBeGreaterThanOrEqual(longer.length)
        },
      ),
    )
  })

  it('counts nothing that is no time', () => {
    const waits = noted([...Array.from({ length: MIN_ANSWERS }, () => 700), NaN, -5, Infinity])
    expect(waits.quantileMs(1)).toBe(700)
    expect(waits.quantileMs(0)).toBe(700)
  })
})
