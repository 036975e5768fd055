import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spokenWords } from '../src/text/spoken-words.ts'

describe('spokenWords', () => {
  it.each([
    ['Weasels have eaten our phone system!', 'weasels have eaten our phone system'],
    ["I'd like 2 tickets, please", "i'd like two tickets please"],
    ['room 1024', 'room one thousand twenty four'],
    ['extension 007', 'extension zero zero seven'],
    ['call 18005551234', 'call one eight zero zero five five five one two three four'],
    ['Café & bar at 50%', 'cafe and bar at fifty percent'],
    ['‘quoted’ don’t', "quoted don't"],
    ['0 and 10 and 100', 'zero and ten and one hundred'],
  ])('says %j as people do', (text, spoken) => {
    expect(spokenWords(text).join(' ')).toBe(spoken)
  })

  it('gives words without spaces, digits or capitals for any text, and says them the same again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const words = spokenWords(text)
        for (const word of words) expect(word).not.toMatch(/[\s\d]|^$/)
        expect(spokenWords(words.join(' '))).toEqual(words)
      }),
    )
  })
})
