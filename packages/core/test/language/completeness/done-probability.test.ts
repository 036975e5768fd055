import { statSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createCompletenessFeatures,
  MAX_FEATURES,
} from '../../../src/language/completeness/completeness-features.ts'
import { createDoneModel, doneProbability } from '../../../src/language/completeness/done-probability.ts'
import { spokenWords } from '../../../src/language/spoken-words.ts'
import { anyText } from '../any-text.ts'
import { DONE_VECTORS } from './done-vectors.ts'

/** What waits longer than any other utterance is below it; what is answered is not. */
const BETWEEN = 0.4

describe('how likely a caller is done', () => {
  for (const [language, { done, goesOn }] of Object.entries(DONE_VECTORS)) {
    it.each(done)(`${language}: "%s" is whole`, (text) => {
      expect(doneProbability(spokenWords(text), language)).toBeGreaterThan(BETWEEN)
    })
    it.each(goesOn)(`${language}: "%s" goes on`, (text) => {
      expect(doneProbability(spokenWords(text), language)).toBeLessThan(BETWEEN)
    })
  }

  it('is not known of no words, nor in a language without a model', () => {
    expect(doneProbability([], 'en')).toBeUndefined()
    expect(doneProbability(['und'], 'de-DE')).toBeUndefined()
  })

  it('is a probability, and the same each time, for any words', () => {
    fc.assert(
      fc.property(anyText(60), fc.constantFrom('en', 'he'), (text, language) => {
        const words = spokenWords(text)
        const probability = doneProbability(words, language)
        fc.pre(words.length > 0)
        expect(probability).toBeGreaterThanOrEqual(0)
        expect(probability).toBeLessThanOrEqual(1)
        expect(doneProbability([...words], language)).toBe(probability)
      }),
    )
  })

  it.each(['en', 'he'])('costs at most 60 KB of weights: %s', (language) => {
    const file = new URL(`../../../src/language/completeness/weights/${language}.ts`, import.meta.url)
    expect(statSync(file).size).toBeLessThanOrEqual(60 * 1024)
  })
})

describe('the features of an utterance', () => {
  const features = createCompletenessFeatures({ frequent: new Set(['the', 'is']), tableSize: 997 })
  const placesOf = (text: string): readonly number[] => {
    const places = new Int32Array(MAX_FEATURES)
    return [...places.subarray(0, features.write(text.split(' '), places))]
  }

  it('are places in the table, at most as many as there is room for', () => {
    const word = fc.stringMatching(/^[a-zא-ת0-9']{1,12}$/u)
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
        const places = placesOf(words.join(' '))
        expect(places.length).toBeLessThanOrEqual(MAX_FEATURES)
        for (const place of places) {
          expect(place).toBeGreaterThanOrEqual(0)
          expect(place).toBeLessThan(997)
        }
      }),
    )
  })

  it('hold the order of the last words, and how many there are', () => {
    expect(placesOf('the phone is')).not.toEqual(placesOf('is the phone'))
    expect(placesOf('phone is')).not.toEqual(placesOf('the phone is'))
  })

  it('are those that the weights are added up of', () => {
    const table = new Int8Array(997)
    const weightOf = createDoneModel({ frequent: 'the is', scale: 0.1, table: toBase64(table) })
    expect(weightOf(['the', 'phone', 'is'])).toBe(0.5)
    for (const place of placesOf('the phone is')) table[place] = 1
    const learned = createDoneModel({ frequent: 'the is', scale: 0.1, table: toBase64(table) })
    expect(learned(['the', 'phone', 'is'])).toBeGreaterThan(0.9)
    expect(learned(['order', 'one'])).toBeLessThan(0.8)
  })
})

function toBase64(table: Int8Array): string {
  return Buffer.from(table.buffer).toString('base64')
}
