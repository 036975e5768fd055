import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_SPOKEN_GROWTH, spokenForm } from '../../../src/language/spoken-form/spoken-form.ts'
import type * as spokenForms from '../../../src/language/spoken-form/spoken-form.ts'
import { anyText } from '../any-text.ts'

/** How a person reads it aloud; written by hand, with the reason where it is not plain. */
interface SpokenVector {
  readonly text: string
  readonly spoken: string
  /** Other than that of the table. */
  readonly language?: string
  readonly why?: string
}

const TABLES = { en: 'en-US', he: 'he-IL' }

function vectorsOf(code: string): [topic: string, vectors: SpokenVector[]][] {
  const file = new URL(`${code}.json`, import.meta.url)
  return Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, SpokenVector[]>)
}

for (const [code, tag] of Object.entries(TABLES)) {
  describe(`words of ${code}`, () => {
    for (const [topic, vectors] of vectorsOf(code)) {
      it.each(vectors)(`${topic}: $text`, ({ text, spoken, language = tag }) => {
        expect(spokenForm(text, language)).toBe(spoken)
      })
    }
  })
}

/** Pieces that rules are made of, of both languages, and what may come between. */
const piece = fc.constantFrom(
  ...`0 1 2 5 12 21 29 30 100 007 200 1,234 1,2 3.5 .5 14:30 8:05 25:10 2026 2026-11-29 29/11/2026 29/11 1/2 ½ 1½ 3-5
  555-0100 (212) +972-3 03-555-1234 0541234567 4580 $ € ₪ $5 5$ US$ 12 USD 50¢ % 15% °C 20°C km m kg GB sq ft m² h pm
  p.m. am AM - – − + = × x * < > ~ & @ # #5 *27 / . .. … , ; : ! ? ( ) " ' ’ [ ] AB12C A1 IV II King Chapter World War Dr.
  Dr St. Main Mr. Cohen No. no. e.g. etc. approx. w/ w/o Nov Nov. November May Mon Fri Sun. th st nd 1st 22nd s '80s 1990s
  code is PIN order room on in the a of at call press dana@kav.dev kav.dev report.pdf /etc/hosts @kav_x VERY NOT
  T09:30:00Z +02:00 30x20 x10 2x 3k 1.2M 120/80 mmHg GB29 NWBK 6016 SW1A BA 117 ratio score won between rated flight 50/50
  9-5 Mon-Fri Thu 1h 30m 30s wait 8(a) 2.4.1 v3.0 C$ Rs. 45.- .99 25,00 Henry VIII #  ² at 9.30 expires 03/27 ב-14.3 עד-4
  סניפים הכרטיסים תור רכב 12-345-67 לחץ NASA minus and to one dollars ב-5 ל-3 ה-29 ה ב ו- ־ בנובמבר שקלים ש"ח ש״ח ק"מ ד"ר לד"ר פרופ' וכו'. יום א' ימים דקות
  דקה הימים אחוזים קוד שלוחה כרטיס שעה עד ג' מיליון אלף`.split(/\s+/u),
  ' ',
  ' ',
  ' ',
  '\u00a0',
)
const text = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: piece },
      { weight: 3, arbitrary: fc.constant(' ') },
      { weight: 1, arbitrary: anyText() },
    ),
    { maxLength: 24 },
  )
  .map((pieces) => pieces.join(''))
const language = fc.constantFrom('en-US', 'en-GB', 'en', 'he-IL', 'iw')

describe('the rules of a language', () => {
  it('are made ready in many turns of the loop, and once', async () => {
    const turnsOf = async (warming: Promise<void>): Promise<number> => {
      let turns = 0
      let over = false
      void warming.then(() => (over = true))
      for (await Promise.resolve(); !over; turns++) await new Promise((resolve) => setImmediate(resolve))
      return turns
    }
    // A module of its own: another file's calls may have made the rules of this one ready.
    const fresh = '../../../src/language/spoken-form/spoken-form.ts?fresh'
    const { warmSpokenForm } = (await import(fresh)) as Pick<typeof spokenForms, 'warmSpokenForm'>
    expect(await turnsOf(warmSpokenForm('en-US'))).toBeGreaterThan(50)
    expect(await turnsOf(warmSpokenForm('en-GB'))).toBeLessThan(3)
    expect(await turnsOf(warmSpokenForm('de-DE'))).toBeLessThan(3)
  })
})

describe('the words of any text', () => {
  it('are themselves when said again, and no longer than they may be', () => {
    fc.assert(
      fc.property(text, language, (written, tag) => {
        const spoken = spokenForm(written, tag)
        expect(spokenForm(spoken, tag)).toBe(spoken)
        expect(spoken.length).toBeLessThanOrEqual(written.length * MAX_SPOKEN_GROWTH)
      }),
      { numRuns: 1500 },
    )
  })

  it('keep every word that was written with letters alone and is no short form', () => {
    const word = fc.constantFrom('table', 'hello', 'Sunday', 'caller', 'שלום', 'שולחן', 'בבקשה')
    const figure = fc.constantFrom(
      '5',
      '14:30',
      '$5.50',
      '2026-11-29',
      '15%',
      '5 km',
      'AB12C',
      '555-0100',
      'ב-5',
    )
    const sentence = fc.array(fc.oneof(word, figure), { maxLength: 12 })
    const letters = /^\p{L}+$/u
    fc.assert(
      fc.property(sentence, language, (pieces, tag) => {
        const said = spokenForm(pieces.join(' '), tag).split(/[\s,]+/u)
        const words: string[] = pieces.filter((one) => letters.test(one))
        expect(said.filter((one) => words.includes(one))).toEqual(words)
      }),
    )
  })

  it('are left alone in a language without rules', () => {
    fc.assert(fc.property(text, (written) => spokenForm(written, 'de-DE') === written))
  })

  it('come at once, however often a sign is repeated', () => {
    const marks = [
      '1',
      '1,',
      '1.',
      '1-',
      '1/',
      '1:',
      '$1',
      '#1',
      '*1',
      'A1',
      'a.',
      'a@',
      '/a',
      '@a',
      '-',
      '+1 ',
      'ב-',
      'א"',
    ]
    for (const mark of marks) {
      for (const tag of Object.values(TABLES))
        expect(spokenForm(mark.repeat(5000), tag).length).toBeGreaterThan(0)
    }
  })
})
