import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerCompleteness } from '../../src/language/answers/answer-completeness.ts'
import { type ExpectedAnswer, expectedAnswer } from '../../src/language/answers/expected-answer.ts'
import { ANSWERS, QUESTIONS } from './answer-vectors.ts'
import { anyText } from './any-text.ts'

describe('what a question asks for', () => {
  for (const [language, kinds] of Object.entries(QUESTIONS)) {
    for (const [kind, questions] of Object.entries(kinds)) {
      const [name = '', count, least] = kind.split(' ')
      for (const question of questions ?? []) {
        it(`${language}: "${question}" asks for ${kind}`, () => {
          const more =
            count === 'part'
              ? { part: true }
              : { count: Number(count), ...(least && { least: Number(least) }) }
          const expected = { kind: name, ...(count !== undefined && more) }
          expect(expectedAnswer(question, language)).toEqual(expected)
        })
      }
    }
  }
})

describe('an answer', () => {
  for (const [expected, language, text, completeness] of ANSWERS) {
    it(`${language}: "${text}" is ${completeness} of ${JSON.stringify(expected)}`, () => {
      expect(answerCompleteness(text, expected, language)).toBe(completeness)
    })
  }

  it('is judged whatever was asked and said', () => {
    fc.assert(
      fc.property(
        anyText(200),
        anyText(80),
        fc.constantFrom('en', 'he', 'xx', ''),
        (asked, said, language) => {
          const expected: ExpectedAnswer = expectedAnswer(asked, language)
          expect(['whole', 'part', 'unknown']).toContain(answerCompleteness(said, expected, language))
        },
      ),
    )
  })
})
