import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClauseCutter } from '../../../src/language/clause-cutter.ts'

/** Each is said as one: cut in two, its halves would be said as something else. */
const FIGURES = {
  'en-US': `1,200|$5.50|14:30|2:30 p.m.|2 pm|Nov. 29, 2026|November 29, 2026|29 November 2026|2026-11-29|11/29/2026|Dr. Cohen|St. Mary
    |No. 5|212-555-0100|(212) 555-0100|4580 1234 5678 9012|1-800-555-0199|+972 3 555 1234|2 1/2|$5 million|5 km|20 °C|15 %
    |3 - 5 days|3.14|dana.k@kav.dev|docs.kav.dev|12 USD|1.2.3|p. 12|ext. 204|approx. 5|e.g. apples
    |2026-03-14 09:30:00|30 x 20 x 10 cm|30x20x10 cm|120/80 mmHg|Thu, 12 Mar|March 1st, 2026|$5 - $10|1.2M people
    |SW1A 1AA|BA 117|GB29 NWBK 6016 1331 9268 19|6 ft 2 in|2h 15m|3 - 5 March|0900 hours|2x daily`,
  'he-IL': `1,200|25.90 ₪|50 ש"ח|14:30|29.11.2026|29 בנובמבר 2026|ה-29 בנובמבר|ד"ר כהן|פרופ' לוי|03-555-1234|03 555 1234|*2700
    |5 ק"מ|20 °C|3 - 5 ימים|מס' 7|10 דק'|2 מיליון ₪|30x20x10 ס"מ|5-8 באוגוסט|מ-2 עד 4 ימים|2 ל-4 ימים|2 או 3 ימים|ב-14 וב-15 במרץ|2026-03-14 09:30|dana@kav.co.il`,
}
const WORDS = {
  'en-US': 'please wait here while we look'.split(' '),
  'he-IL': 'נא להמתין כאן בזמן שנבדוק'.split(' '),
}

describe('a figure in a streamed text', () => {
  for (const [language, list] of Object.entries(FIGURES)) {
    const words = WORDS[language as keyof typeof WORDS]
    const figures = list.split('|').map((figure) => figure.trim())
    const some = (max: number) =>
      fc.array(fc.constantFrom(...words), { maxLength: max }).map((said) => said.join(' '))

    it.each(figures)(
      `stays in one piece in ${language}, wherever it stands and however tokens cut it: %s`,
      (figure) => {
        const cuts = fc.array(fc.nat({ max: 300 }), { maxLength: 8 })
        fc.assert(
          fc.property(
            some(40),
            some(40),
            fc.constantFrom(' ', ', '),
            cuts,
            fc.integer({ min: 40, max: 90 }),
            (before, behind, mark, at, maxClauseChars) => {
              const text = `${before} ${figure}${mark}${behind}`.trim()
              const cutter = createClauseCutter({ language, maxClauseChars })
              const ends = [...new Set(at)].sort((one, other) => one - other)
              const tokens = [0, ...ends].map((start, index) => text.slice(start, ends[index]))
              const pieces = [...tokens.flatMap((token) => cutter.push(token)), ...cutter.end()]
              expect(pieces.filter((piece) => piece.includes(figure))).toHaveLength(1)
            },
          ),
          { numRuns: 60 },
        )
      },
    )
  }
})
