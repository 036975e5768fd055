// What a model says of phrases that it knows, and of others, is not the same: of others it is too sure.

import { spokenWords } from '../../../packages/core/dist/language/spoken-words.js'
import { utteranceShape } from '../../../packages/core/dist/language/utterance/utterance-shape.js'
import { isWhole, unseenPhrases } from '../unseen/unseen-phrases.mjs'

const ROUNDS = 5000
const STEP = 0.2

/** Unseen phrases of one half as examples, `[{ words, complete, list }]`, those that the rules ask the model about. */
export function unseenExamples(language, half) {
  return unseenPhrases(language)
    .filter((phrase) => phrase.half === half)
    .flatMap((phrase) => {
      const { parts, list } = phrase
      if (isWhole(phrase)) return [{ text: parts[0], complete: true, list }]
      return parts
        .slice(1)
        .map((_, at) => ({ text: parts.slice(0, at + 1).join(' '), complete: false, list }))
    })
    .filter(({ text }) => utteranceShape(text, language) === 'complete')
    .map(({ text, ...example }) => ({ words: spokenWords(text), ...example }))
}

/**
 * `{ slope, offset }` of the log odds (Platt 1999) by which `model` is right, on the whole, about the unseen phrases of
 * `choose`. `model`: words to the probability of being done.
 */
export function calibrate(model, language) {
  const known = unseenExamples(language, 'choose').map(({ words, complete }) => {
    const done = model(words)
    return { logOdds: Math.log(done / (1 - done)), complete: Number(complete) }
  })
  let slope = 1
  let offset = 0
  for (let round = 0; round < ROUNDS; round++) {
    const wrong = known.map(
      ({ logOdds, complete }) => 1 / (1 + Math.exp(-(offset + slope * logOdds))) - complete,
    )
    offset -= STEP * mean(wrong)
    slope -= STEP * mean(wrong.map((one, at) => one * known[at].logOdds))
  }
  return { slope, offset }
}

/** Of complete utterances and others, how often the complete one is the likelier. */
export function areaUnderCurve(judged) {
  const others = judged.filter(({ complete }) => !complete)
  const wins = judged
    .filter(({ complete }) => complete)
    .map(({ done }) =>
      mean(others.map((other) => Number(done > other.done) + Number(done === other.done) / 2)),
    )
  return mean(wins)
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
