import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClauseCutter } from '../../src/language/clause-cutter.ts'
import { prepareForSpeech } from '../../src/language/prepare-for-speech.ts'

const letters = (said: string): string => said.replace(/[^\p{L}\p{N}]/gu, '')

/** What is spoken of a text that comes in these tokens. */
function spoken(tokens: readonly string[], language?: string): string {
  const cutter = createClauseCutter({ language })
  const pieces = [...tokens.flatMap((token) => cutter.push(token)), ...cutter.end()]
  return pieces
    .map((piece) => prepareForSpeech(piece))
    .filter((piece) => piece !== '')
    .join(' ')
}

function tokensOf(text: string, at: readonly number[]): string[] {
  const ends = [...new Set(at.filter((end) => end < text.length))].sort((a, b) => a - b)
  return [0, ...ends].map((start, index) => text.slice(start, ends[index]))
}

/** Words as a model writes them; none of them is anything else. */
const words = fc.constantFrom(
  'Thank you for calling, how are you?',
  'We are open, as you know.',
  'Ich hole Sie ab.',
  'Das ist am 3. Oktober.',
  'Sure!',
  'One, two and three.',
  'שלום, מה שלומך?',
  'نعم، تفضل.',
)
/** None of it is said. */
const marks = fc.constantFrom(
  '*sighs, looks at the screen*',
  '*Laughs. Smiles.*',
  '(smiling, softly)',
  '[pause, 2 seconds]',
  '[Insert the name, date and time here]',
  '{{customer.name}}',
  '{name}',
  '<break time="1.5s"/>',
  '<!-- one, two. three -->',
  '<|im_end|>',
  '%s',
)
const cuts = fc.array(fc.nat({ max: 600 }), { maxLength: 40 })
const language = fc.constantFrom(undefined, 'en-US', 'de-DE', 'he-IL')

describe('what is spoken of a streamed text', () => {
  const text = fc
    .array(
      fc.oneof(words, marks, fc.constantFrom('&mdash;', '$x^2$', '\\frac{1, 2}{3}', 'a<b', '[1]', '⏎')),
      {
        maxLength: 12,
      },
    )
    .map((parts) => parts.join(' ').replaceAll('⏎', '\n'))

  it('does not depend on its tokens', () => {
    fc.assert(
      fc.property(text, cuts, language, (whole, at, tag) => {
        expect(spoken(tokensOf(whole, at), tag)).toBe(spoken([whole], tag))
      }),
      { numRuns: 300 },
    )
  })

  it('is all its words and none of its marks, whatever stands between them', () => {
    const parts = fc.array(fc.tuple(words, fc.option(marks, { nil: '' })), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(parts, cuts, language, (pairs, at, tag) => {
        const whole = pairs.flat().join(' ')
        expect(letters(spoken(tokensOf(whole, at), tag))).toBe(letters(pairs.map(([word]) => word).join('')))
      }),
      { numRuns: 300 },
    )
  })

  it('is all its words when a mark never closes, or what might be one is repeated without end', () => {
    for (const mark of [
      '*a ',
      '(a ',
      '[a, ',
      '{a. ',
      '<a, ',
      '$a, ',
      '&#1',
      'z. ',
      '5. ',
      'Dr. ',
      '« a. ',
      '. ',
    ]) {
      expect(letters(spoken([mark.repeat(2000)])), mark).toBe(letters(mark).repeat(2000))
    }
  })
})
