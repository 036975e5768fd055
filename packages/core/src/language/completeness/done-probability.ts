import { madeOnce } from '../made-once.ts'
import { primaryLanguage } from '../tags/primary-language.ts'
import { createCompletenessFeatures, MAX_FEATURES } from './completeness-features.ts'
import type { CompletenessWeights } from './weights/completeness-weights.ts'
import { ENGLISH_WEIGHTS } from './weights/en.ts'
import { HEBREW_WEIGHTS } from './weights/he.ts'
import { readWeightTable } from './weight-table.ts'

/** By the words alone, from 0 to 1; deterministic. */
export type DoneModel = (words: readonly string[]) => number

/**
 * How likely a caller who has said these words, and is silent, is done: a logistic regression over hashed features of
 * the words, trained by `bench/turn-taking/train` on free corpora.
 * @param words in small letters, as `spokenWords` gives them
 * @param language BCP 47 tag of the call; a language without weights, and no words, give `undefined`.
 */
export function doneProbability(words: readonly string[], language: string): number | undefined {
  if (words.length === 0) return undefined
  return modelFor(primaryLanguage(language))?.(words)
}

/**
 * Whether this is one of the words that callers say most, and so whole; `undefined` in a language without weights.
 * @param word in small letters
 */
export function isFrequentWord(word: string, language: string): boolean | undefined {
  const weights = WEIGHTS.get(primaryLanguage(language))
  return weights && frequentWords(weights).has(word)
}

const frequentWords = madeOnce(
  ({ frequent }: CompletenessWeights): ReadonlySet<string> => new Set(frequent.split(' ')),
)

const WEIGHTS: ReadonlyMap<string, CompletenessWeights> = new Map([
  ['en', ENGLISH_WEIGHTS],
  ['he', HEBREW_WEIGHTS],
])

/** Unpacked when the first call of a language asks. */
const models = new Map<string, DoneModel>()

function modelFor(language: string): DoneModel | undefined {
  const known = models.get(language)
  const weights = WEIGHTS.get(language)
  if (known !== undefined || weights === undefined) return known
  const model = createDoneModel(weights)
  models.set(language, model)
  return model
}

export function createDoneModel(trained: CompletenessWeights): DoneModel {
  const { scale, offset, table } = trained
  const weights = readWeightTable(Buffer.from(table, 'base64'))
  const found = new Uint32Array(MAX_FEATURES)
  const features = createCompletenessFeatures(frequentWords(trained))
  return (words) => {
    const count = features.write(words, found)
    let sum = 0
    for (let at = 0; at < count; at++) sum += weights.weightOf(found[at]!)
    return 1 / (1 + Math.exp(-sum * scale - offset))
  }
}
