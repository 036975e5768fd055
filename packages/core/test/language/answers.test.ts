import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerCompleteness } from '../../src/language/answers/answer-completeness.ts'
import { type ExpectedAnswer, expectedAnswer } from '../../src/language/answers/expected-answer.ts'
import { ANSWERS, QUESTIONS } from './answer-vectors.ts'
import { anyText } from './any-text.ts'
import { isTopicAlone } from '../../src/language/answers/topic-alone.ts'
import { isWholeQuestion } from '../../src/language/answers/whole-question.ts'

describe('what a question asks for', () => {
  for (const [language, kinds] of Object.entries(QUESTIONS)) {
    for (const [kind, questions] of Object.entries(kinds)) {
      const [name = '', count] = kind.split(' ')
      for (const question of questions ?? []) {
        it(`${language}: "${question}" asks for ${kind}`, () => {
          const more = count === 'part' ? { part: true } : { count: Number(count) }
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

describe('a caller’s sentence', () => {
  it.each([
    ['en', 'what time do you open', true],
    ['en', 'Can you send me the invoice?', true],
    ['en', 'what about', false],
    ['en', 'I would like to know that', false],
    ['he', 'מתי החבילה שלי תגיע', true],
    ['he', 'אני רוצה לדעת משהו', false],
    ['de', 'wann kommt mein Paket an', false],
  ])('%s: "%s" is a whole question: %s', (language, text, whole) => {
    expect(isWholeQuestion(text, language)).toBe(whole)
  })

  it.each([
    ['en-US', 'because of the storm', true],
    ['en-US', 'after the update', true],
    ['en-US', 'after the update nothing works any more', false],
    ['he', 'בגלל הסערה', true],
    ['en-US', 'the washing machine that I bought', true],
    ['en-US', 'an invoice we got last week', true],
    ['en-US', 'my wife thinks I should', false],
    ['en-US', 'this morning I called', false],
    ['en-US', 'the parcel that I sent never came', false],
    ['he', 'מכונת הכביסה שקניתי', true],
    ['he', 'החבילה ששלחתם לי', true],
    ['he', 'זה מה שביקשתי', false],
    ['he', 'חשבתי שהזמנתי', false],
    ['he', 'תודה שעזרתם', false],
    ['en-US', 'I have an appointment', true],
    ['en', "It's about my bill.", true],
    ['en', 'I have', true],
    ['en', 'I have an appointment with Doctor Miller', false],
    ['en', 'what I have', false],
    ['en', 'I lost my card', false],
    ['he-IL', 'יש לי תור', true],
    ['he', 'זה לגבי החשבונית ממרץ', true],
    ['he', 'יש לי תור לדוקטור מילר', false],
    ['he', 'אני רוצה לבטל', false],
    ['de', 'ich habe einen Termin', false],
  ])('%s: "%s" brings something up and no more: %s', (language, text, alone) => {
    expect(isTopicAlone(text, language)).toBe(alone)
  })
})
