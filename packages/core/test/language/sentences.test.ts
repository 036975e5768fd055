import { describe, expect, it } from 'vitest'
import { createClauseCutter } from '../../src/language/clause-cutter.ts'
import { LANGUAGES } from '../../src/language/sentences/tables/languages.ts'
import { vectorsIn } from './vectors-in.ts'

function sentencesOf(text: string, language?: string): string[] {
  const cutter = createClauseCutter({ language, firstClauseMinChars: Infinity })
  return [...cutter.push(text), ...cutter.end()]
}

for (const language of LANGUAGES.keys()) {
  describe(`the sentences of ${language}`, () => {
    const vectors = vectorsIn(`sentences/${language}.txt`)

    for (const { topic, text, pieces } of vectors) {
      it(`${topic}: ${JSON.stringify(text)}`, () => expect(sentencesOf(text, language)).toEqual(pieces))
    }

    it('are parted nowhere else when the language is not known', () => {
      const ends = (pieces: readonly string[]): number[] =>
        pieces.map(
          (_, index) =>
            pieces
              .slice(0, index + 1)
              .join('')
              .replace(/\s/gu, '').length,
        )
      for (const { text, pieces } of vectors) {
        expect(ends(pieces), text).toEqual(expect.arrayContaining(ends(sentencesOf(text))))
      }
    })

    it('have vectors enough', () => expect(vectors.length).toBeGreaterThanOrEqual(30))
  })
}

describe('the language of a text', () => {
  const text = 'Just a sec. Peter knows.'

  it('is taken from the tag, whatever its region, script or spelling', () => {
    for (const tag of ['en', 'en-US', 'EN-gb', 'en_AU', 'en-Latn-NZ'])
      expect(sentencesOf(text, tag)).toHaveLength(2)
    expect(sentencesOf('גב. כהן על הקו.', 'iw-IL')).toHaveLength(1)
  })

  it('may be any when there is none, or none with a table', () => {
    for (const tag of [undefined, '', 'sv-SE', 'zh']) expect(sentencesOf(text, tag)).toHaveLength(1)
  })
})
