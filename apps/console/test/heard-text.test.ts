import { expect, it } from 'vitest'
import { splitHeard, splitHeardChars } from '../src/conversation/heard-text.ts'

const TEXT = 'Oh dear, weasels again. I am sending our weasel expert.'

it('takes what was not heard off, wherever it was cut', () => {
  expect(splitHeard(TEXT, 'Oh dear, weasels again. I am')).toEqual({
    heard: 'Oh dear, weasels again. I am',
    unheard: 'sending our weasel expert.',
  })
  expect(splitHeard(TEXT, '')).toEqual({ heard: '', unheard: TEXT })
  expect(splitHeard(TEXT, TEXT)).toEqual({ heard: TEXT, unheard: '' })
})

it('takes a line without `heard` for heard to its end', () => {
  expect(splitHeard(TEXT, undefined)).toEqual({ heard: TEXT, unheard: '' })
})

it('is not put off by spaces that clauses were joined with', () => {
  expect(splitHeard('One.  Two. Three.', 'One. Two.')).toEqual({ heard: 'One.  Two.', unheard: 'Three.' })
})

it('ends where the two differ, and inside a pair of surrogates never', () => {
  expect(splitHeard('one two three', 'one too')).toEqual({ heard: 'one t', unheard: 'wo three' })
  expect(splitHeard('a 👩‍🚀 b', 'a 👩‍🚀')).toEqual({ heard: 'a 👩‍🚀', unheard: 'b' })
})

it('takes Hebrew apart like anything else', () => {
  expect(splitHeard('בשמחה. יש תור פנוי', 'בשמחה. יש')).toEqual({ heard: 'בשמחה. יש', unheard: 'תור פנוי' })
})

it.each([
  [0, '', 'Hello there, you'],
  [3, '', 'Hello there, you'],
  [5, 'Hello', 'there, you'],
  [6, 'Hello', 'there, you'],
  [9, 'Hello', 'there, you'],
  [12, 'Hello there,', 'you'],
  [16, 'Hello there, you', ''],
  [99, 'Hello there, you', ''],
  [-1, '', 'Hello there, you'],
])('after %i characters, only whole words were heard', (chars, heard, unheard) => {
  expect(splitHeardChars('Hello there, you', chars)).toEqual({ heard, unheard })
})
