import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from './any-text.ts'
import { prepareForSpeech } from '../../src/language/prepare-for-speech.ts'
import { SPEECH_VECTORS } from './speech-vectors.ts'

describe('text for speech', () => {
  for (const [topic, vectors] of Object.entries(SPEECH_VECTORS)) {
    for (const [written, spoken] of vectors) {
      it(`${topic}: ${JSON.stringify(written)}`, () => expect(prepareForSpeech(written)).toBe(spoken))
    }
  }

  it('can leave web addresses out', () => {
    expect(prepareForSpeech('See https://kav.dev/x, or www.kav.dev (https://a.b).', { urls: 'strip' })).toBe(
      'See, or.',
    )
    expect(prepareForSpeech('https://kav.dev', { urls: 'strip' })).toBe('')
  })
})

describe('the pronunciation table', () => {
  const replacements = {
    Kav: 'Kahv',
    SQL: 'sequel',
    'SQL Server': 'sequel server',
    ltd: 'limited',
    'C++': 'see plus plus',
  }
  const spoken = (text: string): string => prepareForSpeech(text, { replacements })

  it('takes whole words only', () => {
    expect(spoken("Kav's (Kav), Kavala and NoSQL")).toBe("Kahv's (Kahv), Kavala and NoSQL")
  })

  it('takes a key without capitals in any case, others as written', () => {
    expect(spoken('ltd Ltd LTD kav KAV')).toBe('limited limited limited kav KAV')
  })

  it('takes the longest key, whatever space is between its words', () => {
    expect(spoken('SQL  Server and SQL')).toBe('sequel server and sequel')
  })

  it('takes keys that end in a sign', () => {
    expect(spoken('C++ and C++.')).toBe('see plus plus and see plus plus.')
  })

  it('goes through the text once', () => {
    expect(prepareForSpeech('a b', { replacements: { a: 'b', b: 'a' } })).toBe('b a')
  })

  it('takes Hebrew words, and Latin ones behind a Hebrew prefix', () => {
    const hebrew = { קו: 'קַו', SQL: 'סיקוול', כהן: 'כֹּהֵן', לכהן: 'לְכֹהֵן' }
    const say = (text: string): string => prepareForSpeech(text, { replacements: hebrew })
    expect(say('קו, "קו" וקווים')).toBe('קַו, "קַו" וקווים')
    expect(say('ה-SQL ב־SQL הSQL')).toBe('ה-סיקוול ב־סיקוול הסיקוול')
    expect(say('כהן לכהן מכהן')).toBe('כֹּהֵן לְכֹהֵן מכהן')
  })

  it('sees the word behind its markup, and replaces nothing with nothing', () => {
    expect(spoken('**Kav**: `SQL`')).toBe('Kahv: sequel')
    expect(prepareForSpeech('um hello um', { replacements: { um: '' } })).toBe('hello')
    expect(prepareForSpeech('a b', { replacements: { ' ': 'x', '': 'y' } })).toBe('a b')
  })

  it('holds no surprises in names of object members', () => {
    expect(prepareForSpeech('constructor toString', { replacements: { a: 'b' } })).toBe(
      'constructor toString',
    )
  })
})

describe('any text', () => {
  const mark = fc.constantFrom(
    ...[
      '*',
      '**',
      '_',
      '__',
      '`',
      '```',
      '#',
      '# ',
      '- ',
      '> ',
      '[',
      ']',
      '(',
      ')',
      '](',
      '![',
      '|',
      '<',
      '</',
      '>',
      '<b>',
    ],
    ...[
      '&lt;',
      '&amp;',
      'https://',
      'www.',
      'kav.dev',
      '/x',
      '.',
      '..',
      '!',
      '?',
      ':',
      ':)',
      ',',
      '\n',
      ' ',
      '\t',
      '\\',
    ],
    ...[
      '*laughs*',
      '(pause)',
      '[1]',
      'press ',
      '{{',
      '}}',
      '{a}',
      '$',
      '%s',
      '\\frac',
      '\\pi',
      '^2',
      '_',
      '&#8217;',
      '<a',
      '🎉',
      '\u200d',
      '\ufe0f',
      '1',
      '5',
      'a',
      'Kav',
      'שלום',
      '你好',
      '"',
      '~~',
      '---',
      '=',
      '\u202e',
      '\ud83d',
      '…',
      '؟',
    ],
  )
  const text = fc.array(fc.oneof({ weight: 5, arbitrary: mark }, { weight: 1, arbitrary: anyText() }), {
    maxLength: 40,
  })
  const options = fc.constantFrom(
    {},
    { urls: 'strip' as const },
    { urls: 'domain' as const, replacements: { Kav: 'Kahv', a: 'eh' } },
  )

  it('is prepared once and for all', () => {
    fc.assert(
      fc.property(text, options, (parts, chosen) => {
        const once = prepareForSpeech(parts.join(''), chosen)
        expect(prepareForSpeech(once, chosen)).toBe(once)
      }),
      { numRuns: 400 },
    )
  })

  it('becomes one line with words in it, or nothing', () => {
    fc.assert(
      fc.property(text, (parts) => {
        const spoken = prepareForSpeech(parts.join(''))
        expect(spoken === '' || /[\p{L}\p{N}]/u.test(spoken)).toBe(true)
        expect(spoken).not.toMatch(/^\s|\s$|\s\s|[\p{Cc}\p{Cs}]|\*\*|`|\p{Regional_Indicator}/u)
      }),
    )
  })

  it('comes to an end, however often a mark is repeated', () => {
    const marks = [
      '<',
      '[',
      '*',
      '(',
      '$',
      '{',
      '\\frac{',
      '&amp;',
      '*a ',
      '(pause ',
      '[1] ',
      '"',
      '|',
      '#',
      '> ',
      '- ',
      '`',
      '![a](',
      'a.',
      'www.',
      '<b ',
      'https://a',
      '_',
      '\\',
    ]
    for (const mark of marks) {
      const once = prepareForSpeech(mark.repeat(2000))
      expect(prepareForSpeech(once)).toBe(once)
    }
  })
})
