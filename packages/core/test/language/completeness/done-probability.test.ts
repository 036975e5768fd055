import { statSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createCompletenessFeatures,
  MAX_FEATURES,
} from '../../../src/language/completeness/completeness-features.ts'
import {
  createDoneModel,
  doneProbability,
  isFrequentWord,
} from '../../../src/language/completeness/done-probability.ts'
import { readWeightTable, writeWeightTable } from '../../../src/language/completeness/weight-table.ts'
import { spokenWords } from '../../../src/language/spoken-words.ts'
import { anyText } from '../any-text.ts'
import { DONE_VECTORS } from './done-vectors.ts'

/** Some of what is whole could go on, and the other way round. */
const WHOLE_FROM = 0.35
const GOES_ON_BELOW = 0.5

describe('how likely a caller is done', () => {
  for (const [language, { done, goesOn }] of Object.entries(DONE_VECTORS)) {
    it.each(done)(`${language}: "%s" is whole`, (text) => {
      expect(doneProbability(spokenWords(text), language)).toBeGreaterThan(WHOLE_FROM)
    })
    it.each(goesOn)(`${language}: "%s" goes on`, (text) => {
      expect(doneProbability(spokenWords(text), language)).toBeLessThan(GOES_ON_BELOW)
    })
  }

  it('is not known of no words, nor in a language without a model', () => {
    expect(doneProbability([], 'en')).toBeUndefined()
    expect(doneProbability(['und'], 'de-DE')).toBeUndefined()
  })

  it('goes with the words that callers say most, where it is known at all', () => {
    expect(isFrequentWord('no', 'en-GB')).toBe(true)
    expect(isFrequentWord('okk', 'en')).toBe(false)
    expect(isFrequentWord('לא', 'he')).toBe(true)
    expect(isFrequentWord('nein', 'de')).toBeUndefined()
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

  it.each(['en', 'he'])('costs at most 90 KB of weights: %s', (language) => {
    const file = new URL(`../../../src/language/completeness/weights/${language}.ts`, import.meta.url)
    expect(statSync(file).size).toBeLessThanOrEqual(90 * 1024)
  })
})

describe('the features of an utterance', () => {
  const features = createCompletenessFeatures(new Set(['the', 'is']))
  const featuresOf = (text: string): readonly number[] => {
    const found = new Uint32Array(MAX_FEATURES)
    return [...found.subarray(0, features.write(text.split(' '), found))]
  }

  it('are at most as many as there is room for', () => {
    const word = fc.stringMatching(/^[a-zא-ת0-9']{1,12}$/u)
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
        expect(features.write(words, new Uint32Array(MAX_FEATURES))).toBeLessThanOrEqual(MAX_FEATURES)
      }),
    )
  })

  it('hold the order of the last words, and how many there are', () => {
    expect(featuresOf('the phone is')).not.toEqual(featuresOf('is the phone'))
    expect(featuresOf('phone is')).not.toEqual(featuresOf('the phone is'))
  })

  it('are those that the weights are added up of', () => {
    const model = (weights: ReadonlyMap<number, number>) =>
      createDoneModel({
        frequent: 'the is',
        scale: 0.1,
        offset: 0,
        table: Buffer.from(writeWeightTable(weights, 256)).toString('base64'),
      })
    expect(model(new Map())(['the', 'phone', 'is'])).toBe(0.5)
    const learned = model(new Map(featuresOf('the phone is').map((feature) => [feature, 1])))
    expect(learned(['the', 'phone', 'is'])).toBeGreaterThan(0.9)
    expect(learned(['order', 'one'])).toBeLessThan(0.8)
  })
})

describe('a table of weights', () => {
  const feature = fc.integer({ min: 0, max: 2 ** 32 - 1 })
  const weight = fc.integer({ min: -127, max: 127 })

  it('gives each weight back, or that of an earlier feature which looks the same', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(feature, weight), { maxLength: 48 }), (entries) => {
        const weights = new Map(entries)
        const table = readWeightTable(writeWeightTable(weights, 64))
        const tagOf = (one: number): number => (one >>> 24) % 255
        for (const [one, value] of weights) {
          const alike = [...weights]
            .filter(([other]) => tagOf(other) === tagOf(one))
            .map(([, other]) => other)
          expect(alike).toContain(table.weightOf(one))
          if (alike.length === 1) expect(table.weightOf(one)).toBe(value)
        }
      }),
    )
  })

  it('knows of hardly any feature that is not there', () => {
    const features = Array.from({ length: 3072 + 10_000 }, (_, at) => Math.imul(at + 1, 0x9e3779b1) >>> 0)
    const table = readWeightTable(
      writeWeightTable(new Map(features.slice(0, 3072).map((one) => [one, 5])), 4096),
    )
    const known = features.slice(3072).filter((one) => table.weightOf(one) !== 0)
    expect(known.length).toBeLessThan(500)
  })
})
