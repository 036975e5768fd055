import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prepareForSpeech } from '../../src/language/prepare-for-speech.ts'
import { pronounce, type PronounceOptions } from '../../src/language/pronounce.ts'
import { asWritten, joinSpoken, type SpokenText } from '../../src/language/spoken-form/rules/spoken-text.ts'

const options: PronounceOptions = { language: 'en-US', spokenForm: true }

/** What of the written text is out once the voice has said `said` of it. */
function heardOf(text: SpokenText, said: string): string {
  const at = text.spoken.indexOf(said)
  expect(at, `"${said}" is said in "${text.spoken}"`).toBeGreaterThanOrEqual(0)
  return text.written.slice(0, text.writtenAt(at + said.length))
}

describe('how a clause is given to the voice', () => {
  it('is in words where they are wanted, and as it was written where not', () => {
    expect(pronounce('It is $5.', options).spoken).toBe('It is five dollars.')
    expect(pronounce('It is $5.', { ...options, spokenForm: false }).spoken).toBe('It is $5.')
  })

  it('takes the pronunciation table first, and what that says as it stands', () => {
    const replacements = { '5G': 'five gee', 'Dr.': 'Doc', Kav: 'Kahv 2' }
    const { spoken } = pronounce('Dr. Kav has 5G and 5 lines.', { ...options, replacements })
    expect(spoken).toBe('Doc Kahv 2 has five gee and five lines.')
  })

  it('leaves no space where a word is not said', () => {
    const say = (text: string): string => pronounce(text, { ...options, replacements: { um: '' } }).spoken
    expect([say('um hello um'), say('um um 5'), say('so um um')]).toEqual(['hello', 'five', 'so'])
  })

  it('knows how far into what was written the voice is: no part of a number was heard before its last word', () => {
    const text = pronounce('It is $1,200.50 and no more.', options)
    expect(heardOf(text, 'It is')).toBe('It is')
    expect(heardOf(text, 'one thousand two hundred')).toBe('It is ')
    expect(heardOf(text, 'fifty cents')).toBe('It is $1,200.50')
    expect(heardOf(text, 'and no')).toBe('It is $1,200.50 and no')
    expect(heardOf(text, text.spoken)).toBe(text.written)
  })

  it('counts on behind another text', () => {
    const joined = joinSpoken(
      joinSpoken(asWritten('Yes.'), pronounce('It is $5.', options)),
      asWritten('Good.'),
    )
    expect(joined.spoken).toBe('Yes. It is five dollars. Good.')
    expect(heardOf(joined, 'five')).toBe('Yes. It is ')
    expect(heardOf(joined, 'dollars.')).toBe('Yes. It is $5.')
    expect(heardOf(joined, 'Good.')).toBe('Yes. It is $5. Good.')
  })

  it('finds its way back from a rest that begins with a mark', () => {
    const text = pronounce(', and 5 more', options)
    expect(text.spoken).toBe('and five more')
    expect(heardOf(text, 'and')).toBe(', and')
    expect(heardOf(text, 'more')).toBe(', and 5 more')
  })

  it('never goes back, and ends where the text ends', () => {
    const piece = fc.constantFrom(
      '$5',
      '14:30',
      'Kav',
      'um',
      'hello',
      'Dr. Cohen',
      '555-0100',
      '**',
      ',',
      '2026-11-29',
      '.',
    )
    const text = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(' '))
    const replacements = { Kav: 'the Kav line', um: '' }
    fc.assert(
      fc.property(text, (written) => {
        const said = pronounce(written, { ...options, replacements })
        const at = Array.from({ length: said.spoken.length + 1 }, (_, chars) => said.writtenAt(chars))
        expect(at).toEqual([...at].sort((one, other) => one - other))
        expect(Math.max(...at)).toBeLessThanOrEqual(written.length)
        if (prepareForSpeech(written) === written && !written.endsWith('um'))
          expect(at.at(-1)).toBe(written.length)
      }),
    )
  })
})
