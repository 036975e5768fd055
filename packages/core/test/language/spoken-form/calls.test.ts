import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClauseCutter } from '../../../src/language/clause-cutter.ts'
import { createModelText } from '../../../src/language/model-text/model-text.ts'
import { prepareForSpeech } from '../../../src/language/prepare-for-speech.ts'
import { pronounce } from '../../../src/language/pronounce.ts'
import type { SpokenText } from '../../../src/language/spoken-form/rules/spoken-text.ts'

/** What models write on calls, and the clauses a voice is given of it, ` | ` between them. */
function callsOf(code: string): [written: string, said: string][] {
  const file = new URL(`calls.${code}.json`, import.meta.url)
  return Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>)
}

/** The way of an answer: out of the model in these pieces, cut into clauses, and into words. */
function clausesOf(pieces: readonly string[], language: string): SpokenText[] {
  const model = createModelText({ isDeclared: () => false, hold: false })
  const cutter = createClauseCutter({ language })
  const written = [...pieces.flatMap((piece) => model.push(piece)), ...model.end()]
  const clauses = [...written.flatMap((piece) => (piece.type === 'words' ? cutter.push(piece.text) : []))]
  return [...clauses, ...cutter.end()]
    .map((clause) => prepareForSpeech(clause))
    .filter((clause) => clause !== '')
    .map((clause) => pronounce(clause, { language, spokenForm: true }))
}

const said = (clauses: readonly SpokenText[]): string => clauses.map(({ spoken }) => spoken).join(' | ')

function cutAt(text: string, places: readonly number[]): string[] {
  const ends = [...new Set(places)].filter((at) => at < text.length).sort((one, other) => one - other)
  return [0, ...ends].map((start, index) => text.slice(start, ends[index]))
}

for (const [code, language] of [
  ['en', 'en-US'],
  ['he', 'he-IL'],
] as const) {
  const calls = callsOf(code)

  describe(`what models write on calls in ${code}`, () => {
    it.each(calls)('is said as one reads it aloud: %s', (written, spoken) => {
      expect(said(clausesOf([written], language))).toBe(spoken)
    })

    it('is said in the same words, whatever pieces it comes in', () => {
      const call = fc.constantFrom(...calls)
      const everywhere = fc.constant(Array.from({ length: 200 }, (_, at) => at))
      const places = fc.oneof(fc.array(fc.nat({ max: 120 }), { maxLength: 6 }), everywhere)
      fc.assert(
        fc.property(call, places, ([written, spoken], at) => {
          expect(said(clausesOf(cutAt(written, at), language))).toBe(spoken)
        }),
        { numRuns: 100 },
      )
    })

    it('is heard from word to word: what is out is never taken back, and at the end all of it is', () => {
      for (const [written] of calls) {
        for (const clause of clausesOf([written], language)) {
          const heard = Array.from({ length: clause.spoken.length + 1 }, (_, at) => clause.writtenAt(at))
          expect(heard).toEqual([...heard].sort((one, other) => one - other))
          expect([heard[0], heard.at(-1)]).toEqual([0, clause.written.length])
        }
      }
    })
  })
}
