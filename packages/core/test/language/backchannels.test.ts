import fc from 'fast-check'
import { expect, it } from 'vitest'
import { agreementsFor, backchannelsFor } from '../../src/language/backchannels.ts'
import { meaningfulWords } from '../../src/pipeline/turns/turn-text.ts'

const said = (text: string, language: string): number => meaningfulWords(text, backchannelsFor(language))

it.each([
  'mm-hm',
  'Mm-hmm.',
  'uh-huh',
  'Uh huh',
  'yeah',
  'Okay.',
  'OK',
  'O.K.',
  'right',
  'I see.',
  'yeah, okay',
  'oh perfect',
  'right, of course',
  'okay, sounds good',
  'yeah, that makes sense',
  'wow, amazing',
  'Hmm...',
])('takes "%s" for a noise of a listener', (text) => expect(said(text, 'en-US')).toBe(0))

it.each([
  'אוקיי מצוין',
  'וואו מדהים',
  'הבנתי אותך',
  'נשמע טוב',
  'אהה',
  'אה-הא',
  'כן כן',
  'כן, כן.',
  'אוקיי',
  'אוקי',
  'המ',
  'הממ...',
  'בסדר',
  'הבנתי',
])('takes "%s" for a noise of a listener', (text) => expect(said(text, 'he-IL')).toBe(0))

it.each([
  ['yes', 'en-US'],
  ['no', 'en-US'],
  ['stop', 'en-US'],
  ['wait', 'en-US'],
  ['what', 'en-US'],
  ['huh', 'en-US'],
  ['yeah but no', 'en-US'],
  ['כן', 'he-IL'],
  ['לא', 'he-IL'],
  ['רגע', 'he-IL'],
  ['מה', 'he-IL'],
  ['כן אבל', 'he-IL'],
])('lets "%s" (%s) count as words', (text, language) => expect(said(text, language)).toBeGreaterThan(0))

it.each(['oh no way', 'oh no', 'oh no way oh no'])(
  'finds the listener in "%s", wherever one phrase ends and the next begins',
  (text) => expect(said(text, 'en-US')).toBe(0),
)

it.each(['en', 'he'])('takes any of them, one behind the other, for a listener: %s', (language) => {
  const phrases = fc.constantFrom(...backchannelsFor(language))
  fc.assert(
    fc.property(fc.array(phrases, { minLength: 1, maxLength: 4 }), (said) => {
      expect(meaningfulWords(said.join(' '), backchannelsFor(language))).toBe(0)
    }),
  )
})

it.each(['en', 'he'])('has no phrase twice, as a noise and as an answer: %s', (language) => {
  const noises = new Set(backchannelsFor(language))
  expect(agreementsFor(language).filter((phrase) => noises.has(phrase))).toEqual([])
  expect(agreementsFor(language).length).toBeGreaterThan(5)
})

it('has none for a language without lists', () => {
  expect(backchannelsFor('de-DE')).toEqual([])
  expect(agreementsFor('de-DE')).toEqual([])
})
