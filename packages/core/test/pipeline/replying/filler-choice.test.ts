import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFillerChoice } from '../../../src/pipeline/replying/filler-choice.ts'

describe('the filler that is said next', () => {
  it('is never the same twice in a row, however the turns follow and the texts change', () => {
    const texts = fc.array(fc.constantFrom('One moment.', 'Let me see.', 'Just a second.'), { maxLength: 4 })
    const turns = fc.array(fc.record({ step: fc.integer({ min: 1, max: 3 }), texts }), { maxLength: 20 })
    fc.assert(
      fc.property(turns, (calls) => {
        let now: readonly string[] = []
        const choice = createFillerChoice(() => now)
        let turn = 0
        let last: { text: string; turn: number } | undefined
        for (const { step, texts: given } of calls) {
          turn += step
          now = given
          const text = choice.next(turn)
          if (text === '') continue
          expect(given).toContain(text)
          if (text === last?.text) {
            expect(new Set(given).size).toBe(1)
            expect(turn - last.turn).toBeGreaterThan(1)
          }
          choice.said(text, turn)
          last = { text, turn }
        }
      }),
    )
  })

  it('goes through all of them', () => {
    const choice = createFillerChoice(() => ['A', 'B', 'C'])
    const said = [1, 2, 3, 4].map((turn) => {
      const text = choice.next(turn)
      choice.said(text, turn)
      return text
    })
    expect(said).toEqual(['A', 'B', 'C', 'A'])
  })
})
