import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPronunciations, formatDictionary } from '../../src/stt/dictionary.ts'
import { buildArpaModel } from '../../src/stt/language-model.ts'

interface Arpa {
  readonly p: ReadonlyMap<string, number>
  readonly backoff: ReadonlyMap<string, number>
  readonly declared: readonly number[]
  readonly words: readonly string[]
}

function readArpa(text: string): Arpa {
  const p = new Map<string, number>()
  const backoff = new Map<string, number>()
  const words: string[] = []
  let order = 0
  for (const line of text.split('\n')) {
    const section = /^\\(\d)-grams:$/.exec(line)
    if (section) order = Number(section[1])
    const fields = line.split(' ')
    if (order === 0 || fields.length <= order) continue
    const gram = fields.slice(1, order + 1).join(' ')
    if (order === 1) words.push(gram)
    p.set(gram, 10 ** Number(fields[0]))
    if (fields.length > order + 1) backoff.set(gram, 10 ** Number(fields[order + 1]))
  }
  const declared = [...text.matchAll(/^ngram \d=(\d+)$/gm)].map((match) => Number(match[1]))
  return { p, backoff, declared, words }
}

/** P(word | history) as an engine computes it. */
function probability(model: Arpa, history: readonly string[], word: string): number {
  const seen = model.p.get([...history, word].join(' '))
  if (seen !== undefined) return seen
  if (history.length === 0) return 0
  return (model.backoff.get(history.join(' ')) ?? 1) * probability(model, history.slice(1), word)
}

const phrase = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 6 })
const phrases = fc.array(phrase, { minLength: 1, maxLength: 12 })

describe('buildArpaModel', () => {
  it('gives every history probabilities that add up to one', () => {
    fc.assert(
      fc.property(phrases, (given) => {
        const model = readArpa(buildArpaModel(given) ?? '')
        const predicted = model.words.filter((word) => word !== '<s>')
        const histories = [...model.backoff.keys()].map((gram) => gram.split(' '))
        for (const history of histories.filter((words) => words.at(-1) !== '</s>')) {
          const total = predicted.reduce((sum, word) => sum + probability(model, history, word), 0)
          expect(total).toBeGreaterThan(0.9)
          expect(total).toBeLessThan(1.01)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('declares as many grams as it lists', () => {
    fc.assert(
      fc.property(phrases, (given) => {
        const model = readArpa(buildArpaModel(given) ?? '')
        expect(model.declared.reduce((sum, count) => sum + count, 0)).toBe(model.p.size)
      }),
    )
  })

  it('likes the words of a phrase better in their own order than in any other', () => {
    const model = readArpa(
      buildArpaModel([
        ['cancel', 'the', 'visit'],
        ['the', 'line', 'is', 'busy'],
      ]) ?? '',
    )
    const score = (words: string[]): number =>
      ['<s>', ...words, '</s>'].reduce(
        (product, word, index, all) =>
          index === 0 ? 1 : product * probability(model, all.slice(Math.max(0, index - 2), index), word),
        1,
      )
    expect(score(['cancel', 'the', 'visit'])).toBeGreaterThan(20 * score(['visit', 'the', 'cancel']))
    expect(score(['visit', 'the', 'cancel'])).toBeGreaterThan(0)
  })

  it('makes no model of no words', () => {
    expect(buildArpaModel([])).toBeUndefined()
    expect(buildArpaModel([[], []])).toBeUndefined()
  })
})

describe('findPronunciations', () => {
  const dictionary = "the DH AH\nthe(2) DH IY\nvisit V IH Z AH T\n'cause K AH Z\nbroken line\n"

  it('finds every pronunciation of the wanted words, and nothing else', () => {
    expect([...findPronunciations(dictionary, new Set(['the', "'cause", 'netanya']))]).toEqual([
      ['the', ['DH AH', 'DH IY']],
      ["'cause", ['K AH Z']],
    ])
  })

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => void findPronunciations(text, new Set(['the', '', '__proto__']))),
    )
  })

  it('writes what it reads', () => {
    const found = findPronunciations(dictionary, new Set(['the', 'visit']))
    expect(findPronunciations(formatDictionary(found), new Set(['the', 'visit']))).toEqual(found)
  })
})
