// Utterances as examples of what is complete and what is not: `{ words, complete, weight, split }`.

import { spokenWords } from '../../../packages/core/dist/language/spoken-words.js'
import { createRandom } from '../../lib/random.mjs'
import { WORDS_THAT_GO_ON } from './words-that-go-on.mjs'

/**
 * How often somebody pauses between two words: where a pause is written, where a mark is, before and behind a
 * conjunction or a preposition, and anywhere else.
 */
const PAUSE_SHARES = { pause: 1, mark: 0.5, joint: 0.4, other: 0.05 }
/** A pause is written `|`. A mark in a time or an amount is none. */
const MARKS = /[.,;:?!()—|]+(?=\s|$)|\s[-–]\s/gu
const MAX_WORDS = 40
/** Of so many turns one is also heard with a hesitation in it, with a conjunction behind it, with its last word cut. */
const SHARES = { hesitates: 0.3, joins: 0.3, cut: 0.1 }
const MADE_WEIGHT = 0.3
/** In speech a gap between two words counts as a pause from here on. */
const MIN_PAUSE_MS = 150
const SPEECH_WEIGHT = 0.5
const VALID_EVERY = 5

/** A turn is complete, and what stands before each of its words is not; nor is what `WORDS_THAT_GO_ON` ends. */
export function createTurnExamples(language) {
  const { paused, hesitations, conjunctions } = WORDS_THAT_GO_ON[language]
  const random = createRandom(5)
  const of = (list) => list[Math.floor(random() * list.length)]

  function made(words, split) {
    const cut = 1 + Math.floor(random() * (words.length - 1))
    const prefix = words.slice(0, cut)
    const found = []
    if (random() < SHARES.hesitates) found.push([...prefix, ...of(hesitations)])
    if (random() < SHARES.joins && words.length > 2) found.push([...words, ...of(conjunctions)])
    if (random() < SHARES.cut) found.push([...prefix.slice(0, -1), misheard(prefix.at(-1))])
    return found.map((said) => ({ words: said, complete: false, weight: MADE_WEIGHT, split }))
  }

  return ({ text, split }) => {
    const { words, marked } = partsOf(text)
    if (words.length === 0 || words.length > MAX_WORDS) return []
    const examples = [{ words, complete: true, weight: 1, split }]
    for (let at = 1; at < words.length; at++) {
      const joint = paused.has(words[at]) || paused.has(words[at - 1])
      const weight = PAUSE_SHARES[marked.get(at) ?? (joint ? 'joint' : 'other')]
      examples.push({ words: words.slice(0, at), complete: false, weight, split })
    }
    if (words.length > 1 && split === 'train') examples.push(...made(words, split))
    return examples
  }
}

/** `{ words, marked }`: behind how many words a pause is written, or a mark. */
function partsOf(text) {
  const words = []
  const marked = new Map()
  let from = 0
  for (const { 0: mark, index } of [...text.matchAll(MARKS), { 0: '', index: text.length }]) {
    words.push(...spokenWords(text.slice(from, index)))
    if (!marked.has(words.length)) marked.set(words.length, mark.includes('|') ? 'pause' : 'mark')
    from = index + mark.length
  }
  return { words, marked }
}

/** As a recogniser has it before the rest was spoken. */
function misheard(word) {
  return word.length < 4 ? `${word}s` : word.slice(0, Math.ceil(word.length / 2))
}

/** What was said in one go is complete, and what stands before a real pause inside is not. */
export function examplesOfSpeech(acts) {
  const meetings = [...new Set(acts.map(({ meeting }) => meeting))].sort()
  return acts.flatMap(({ meeting, words }) => {
    const split = meetings.indexOf(meeting) % VALID_EVERY === 0 ? 'valid' : 'train'
    return words.flatMap(({ endMs }, at) => {
      const next = words[at + 1]
      if (next !== undefined && next.startMs - endMs < MIN_PAUSE_MS) return []
      const said = spokenWords(
        words
          .slice(0, at + 1)
          .map(({ text }) => text)
          .join(' '),
      )
      return said.length === 0
        ? []
        : [{ words: said, complete: next === undefined, weight: SPEECH_WEIGHT, split }]
    })
  })
}
