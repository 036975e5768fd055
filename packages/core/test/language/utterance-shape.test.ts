import { describe, expect, it } from 'vitest'
import { utteranceShape } from '../../src/language/utterance/utterance-shape.ts'
import { wordListsFor } from '../../src/language/word-lists.ts'
import { ENDPOINT_VECTORS } from './endpoint-vectors.ts'

describe('the shape of an utterance', () => {
  for (const [language, shapes] of Object.entries(ENDPOINT_VECTORS)) {
    for (const [shape, utterances] of Object.entries(shapes)) {
      for (const text of utterances) {
        it(`${language}: "${text}" is ${shape}`, () => expect(utteranceShape(text, language)).toBe(shape))
      }
    }
  }

  it('does not depend on case or on the space around', () => {
    expect(utteranceShape('  I WANT TO BOOK AND \n', 'en-GB')).toBe('unfinished')
  })
})
describe('the word lists', () => {
  for (const language of ['en', 'he']) {
    it(`of ${language} are in small letters, without doubles or empty entries`, () => {
      for (const [name, list] of Object.entries(wordListsFor(language)!) as [string, readonly string[]][]) {
        expect(
          new Set(list).size,
          `${name}: ${list.filter((word, at) => list.indexOf(word) !== at).join()}`,
        ).toBe(list.length)
        for (const phrase of list) expect(phrase).toBe(phrase.toLowerCase().trim())
        expect(list).not.toContain('')
      }
    })
  }
})
