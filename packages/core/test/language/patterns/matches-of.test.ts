import fc from 'fast-check'
import { expect, it } from 'vitest'
import { matchesOf } from '../../../src/language/patterns/matches-of.ts'

const PATTERNS = [/a/g, /a*/g, /(?<=a)b?/gu, /\b/gu, /(?:)/g, /(?:)/gu, /\p{L}+/gu, /(?<x>a)|(?<y>b)/g]

it('finds what matchAll finds, in every text, whatever was looked for before', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', ' ', '😀', '\ud83d', '\ude00', 'ש') }),
      fc.constantFrom(...PATTERNS),
      fc.nat(9),
      (text, pattern, lastIndex) => {
        const wanted = [...text.matchAll(new RegExp(pattern))]
        pattern.lastIndex = lastIndex
        expect(matchesOf(text, pattern)).toEqual(wanted)
      },
    ),
  )
})
