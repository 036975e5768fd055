import { expect, it } from 'vitest'
import { backchannelsFor } from '../../src/language/backchannels.ts'
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
  'Hmm...',
])('takes "%s" for a noise of a listener', (text) => expect(said(text, 'en-US')).toBe(0))

it.each(['אהה', 'אה-הא', 'כן כן', 'כן, כן.', 'אוקיי', 'אוקי', 'המ', 'הממ...', 'בסדר', 'הבנתי'])(
  'takes "%s" for a noise of a listener',
  (text) => expect(said(text, 'he-IL')).toBe(0),
)

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

it('has none for a language without lists', () => {
  expect(backchannelsFor('de-DE')).toEqual([])
})
