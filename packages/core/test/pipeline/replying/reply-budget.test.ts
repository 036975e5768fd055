import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClauseCutter } from '../../../src/language/clause-cutter.ts'
import { createReplyBudget } from '../../../src/pipeline/replying/reply-budget.ts'

/** What is said of a text that comes in pieces of `step` characters. */
function said(
  text: string,
  maxChars: number,
  step = 7,
): { readonly pieces: string[]; readonly spent: boolean } {
  const budget = createReplyBudget(maxChars)
  const cutter = createClauseCutter()
  const pieces: string[] = []
  for (let at = 0; at < text.length && !budget.spent(); at += step) {
    for (const piece of cutter.push(budget.readable(text.slice(at, at + step))))
      pieces.push(...budget.take(piece))
  }
  for (const piece of cutter.end()) pieces.push(...budget.take(piece))
  pieces.push(...budget.rest())
  return { pieces, spent: budget.spent() }
}

describe('the budget of a reply', () => {
  it('leaves a reply that fits as it is, to the last character', () => {
    const text = 'One, two, three and a bit of four. And then five'
    expect(said(text, text.length)).toEqual({ pieces: [expect.anything(), expect.anything()], spent: false })
    expect(said(text, text.length).pieces.join(' ')).toBe(text)
  })

  it('ends at the last sentence end that fits, not in the middle of a long sentence', () => {
    const long = `${'and one more thing that is said, '.repeat(12)}which is all.`
    const text = `${'A short sentence. '.repeat(40)}${long} ${long}`
    const { pieces, spent } = said(text, 1000)
    expect(spent).toBe(true)
    expect(pieces.at(-1)).toBe('A short sentence.')
    expect(pieces).toHaveLength(40)
  })

  it('says what it can of a single sentence that is longer than all that may be said', () => {
    for (const text of ['and then '.repeat(100), 'x'.repeat(5000)]) {
      const { pieces, spent } = said(text, 400)
      expect(spent).toBe(true)
      expect(pieces.join(' ').length).toBeGreaterThan(150)
      expect(pieces.join(' ').length).toBeLessThanOrEqual(400)
    }
  })

  it('reads no more than half as much again, of white space too', () => {
    const budget = createReplyBudget(1000)
    expect(budget.readable(' '.repeat(1e6))).toHaveLength(1500)
    expect(budget.spent()).toBe(true)
    expect(budget.readable('more')).toBe('')
  })

  it('never says more than it may, nor cuts what fits, in whatever pieces it comes', () => {
    const text = fc
      .array(fc.constantFrom('one', 'two,', 'three.', 'four!', '五。', 'x'.repeat(90), '\n', 'seven;'), {
        maxLength: 200,
      })
      .map((words) => words.join(' '))
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 200, max: 900 }),
        fc.integer({ min: 1, max: 300 }),
        (words, max, step) => {
          const { pieces, spent } = said(words, max, step)
          const chars = pieces.reduce((sum, piece) => sum + piece.length, 0)
          expect(chars).toBeLessThanOrEqual(max)
          const whole = createClauseCutter()
          const all = [...whole.push(words), ...whole.end()]
          expect(all.slice(0, pieces.length)).toEqual(pieces)
          expect(spent).toBe(pieces.length < all.length)
        },
      ),
    )
  })
})
