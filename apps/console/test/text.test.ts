import { expect, it } from 'vitest'
import { sentencesOf } from '../src/api/api-error.ts'
import { directionOf, isolatedNumber } from '../src/text/direction.ts'
import { clockOf, latencyOf, moneyOf, spokenDuration, wordsOf } from '../src/text/format.ts'
import { numberParts } from '../src/text/number-parts.ts'

it('goes by the first letter that has a direction', () => {
  expect(directionOf('16:30 שלום hello')).toBe('rtl')
  expect(directionOf('hello שלום')).toBe('ltr')
  expect(directionOf('مرحبا')).toBe('rtl')
  expect(directionOf('+972 50-000')).toBe('ltr')
})

it('keeps a number together, so that it can stand from the left in a text from the right', () => {
  expect(numberParts('הטלפון הוא +972 50-000-0001, נכון?')).toEqual([
    { text: 'הטלפון הוא ', isNumber: false },
    { text: '+972 50-000-0001', isNumber: true },
    { text: ', נכון?', isNumber: false },
  ])
  expect(numberParts('ב-16:30').find(({ isNumber }) => isNumber)?.text).toBe('16:30')
  expect(numberParts('3 חתולים').some(({ isNumber }) => isNumber)).toBe(false)
  expect(isolatedNumber('+1')).toBe('\u2066+1\u2069')
})

it('writes times and amounts as people read them', () => {
  expect([0, 65_000, 3_727_000].map(clockOf)).toEqual(['0:00', '1:05', '1:02:07'])
  expect([12.3, 999, 1417].map(latencyOf)).toEqual(['12 ms', '999 ms', '1.42 s'])
  expect([0, 61_000, 120_000].map(spokenDuration)).toEqual(['0 seconds', '1 minute 1 second', '2 minutes'])
  expect(moneyOf(0.0217, 'USD')).toContain('0.0217')
  expect(moneyOf(2.5, 'no currency')).toBe('2.50 no currency')
  expect(wordsOf('gave-up')).toBe('Gave up')
})

it('says what a server refused in whole sentences', () => {
  expect(sentencesOf({ message: 'the call is over', fix: 'see the history' })).toBe(
    'The call is over. See the history.',
  )
  expect(sentencesOf({ message: 'No keys here.' })).toBe('No keys here.')
})
