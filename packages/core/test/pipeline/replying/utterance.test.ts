import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asWritten } from '../../../src/language/spoken-form/rules/spoken-text.ts'
import { createUtterance } from '../../../src/pipeline/replying/utterance.ts'

describe('what was heard of an utterance', () => {
  it('is everything, unless it was cut', () => {
    const utterance = createUtterance()
    utterance.begin(utterance.add(asWritten('Hello there.')), 0)
    expect(utterance.heard()).toBe('Hello there.')
    utterance.add(asWritten('Not begun yet.'))
    expect(utterance.heard()).toBe('Hello there.')
    expect(utterance.generated()).toBe('Hello there. Not begun yet.')
  })

  it('is cut at whole words, by the share of the clause that was played', () => {
    const utterance = createUtterance()
    utterance.begin(utterance.add(asWritten('one two three four')), 1000)
    utterance.end(0, 2800)
    utterance.cut(1000 + 1000, 2200)
    expect(utterance.heard()).toBe('one two')
    expect(utterance.sent()).toBe('one two')
    expect(utterance.rest().map(({ text }) => text)).toEqual(['three four'])
  })

  it('goes by the times of words where the voice tells them', () => {
    const utterance = createUtterance()
    utterance.begin(utterance.add(asWritten('one two three')), 0)
    for (const [end, startMs] of [
      [3, 0],
      [7, 100],
      [13, 2000],
    ] as const)
      utterance.word(0, { end, startMs })
    utterance.end(0, 2500)
    utterance.cut(1900, 2500)
    expect(utterance.heard()).toBe('one')
    expect(utterance.rest().map(({ text }) => text)).toEqual(['two three'])
  })

  it('grows while it is spoken: by pace until its end is known, the rest in the texts it was given', () => {
    const open = createUtterance()
    const clause = open.add(asWritten('one two.'))
    open.begin(clause, 1000)
    open.extend(clause, asWritten('three four.'))
    open.extend(clause, asWritten('five.'))
    expect(open.heard()).toBe('one two. three four. five.')
    open.cut(1000 + 10 * 65, 1000 + 15 * 65)
    expect(open.heard()).toBe('one two.')
    expect(open.sent()).toBe('one two. three')
    expect(open.rest().map(({ text }) => text)).toEqual(['three four.', 'five.'])

    const ended = createUtterance()
    ended.begin(ended.add(asWritten('one two.')), 0)
    ended.extend(0, asWritten('three four.'))
    ended.end(0, 4000)
    ended.cut(2900, 4000)
    expect(ended.heard()).toBe('one two. three')
    expect(ended.rest().map(({ text }) => text)).toEqual(['four.'])
  })

  it('keeps of a clause whose voice failed what it had got to', () => {
    const utterance = createUtterance()
    utterance.breakOff(utterance.add(asWritten('never begun')), 0)
    utterance.begin(utterance.add(asWritten('one two three four')), 0)
    utterance.breakOff(1, 8 * 65)
    utterance.begin(utterance.add(asWritten('Sorry.')), 8 * 65)
    expect(utterance.generated()).toBe('one two Sorry.')
    expect(utterance.heard()).toBe('one two Sorry.')
    utterance.cut(5 * 65, 9 * 65)
    expect([utterance.heard(), ...utterance.rest().map(({ text }) => text)]).toEqual(['one', 'two', 'Sorry.'])
  })

  it('keeps heard ≤ sent ≤ generated, and loses no word between heard and rest', () => {
    const clause = fc.record({
      words: fc.array(fc.constantFrom('alpha', 'be', 'שלום', 'delta,'), { minLength: 1, maxLength: 8 }),
      ms: fc.integer({ min: 20, max: 4000 }),
    })
    fc.assert(
      fc.property(
        fc.array(clause, { minLength: 1, maxLength: 5 }),
        fc.nat(20_000),
        fc.nat(20_000),
        fc.nat(5),
        (clauses, heardMs, sentMs, begun) => {
          const utterance = createUtterance()
          let at = 500
          clauses.forEach(({ words, ms }, index) => {
            utterance.add(asWritten(words.join(' ')))
            if (index > begun) return
            utterance.begin(index, at)
            at += ms
            if (index < begun) utterance.end(index, at)
          })
          const generated = utterance.generated()
          utterance.cut(heardMs, sentMs)
          expect(utterance.sent().startsWith(utterance.heard())).toBe(true)
          expect(generated.startsWith(utterance.sent())).toBe(true)
          expect(
            [utterance.heard(), ...utterance.rest().map(({ text }) => text)].filter(Boolean).join(' '),
          ).toBe(generated)
          utterance.cut(0, 0)
          expect(generated.startsWith(utterance.heard())).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
