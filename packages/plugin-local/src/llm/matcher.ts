import { type LinearExpression, linearExpression } from '@kav/core/kit'
import { spokenWords } from '../text/spoken-words.ts'
import { parsePhrase, type Phrase } from './phrase.ts'
import type { Script, ScriptIntent } from './script-schema.ts'
import { findSlot, type Slots } from './slots.ts'

/** What a caller wants, as far as the script knows. */
export interface Match {
  readonly intent: ScriptIntent
  /** 1 is word for word. */
  readonly score: number
  readonly slots: ReadonlyMap<string, string>
}

/** Finds the intent an utterance fits best, or none. Pure. */
export type Matcher = (utterance: string) => Match | undefined

/** Words that say little about what is wanted; a recogniser also mishears them most. */
const STOP_WORDS = new Set(
  `a an and are at be but by can could do does for from had has have hey i i'd i'll i'm in is it it's its just me my
   of oh on or our please so that the there they this to uh um us was we well were will with would you your`
    .split(/\s+/)
    .filter((word) => word !== ''),
)
const STOP_WEIGHT = 0.25
/** What a phrase scores at least that stands whole and in order within more words. */
const WHOLE_PHRASE = 0.6

interface Candidate {
  readonly intent: ScriptIntent
  readonly phrases: readonly Phrase[]
  readonly patterns: readonly LinearExpression[]
}

/**
 * Intents are judged by shared words: twice the weight in common over the weight of both sides, so that a word lost
 * or misheard costs little. `threshold` is the least score that counts. Of equals the first in the script wins.
 */
export function createMatcher(script: Script, slots: Slots, threshold: number): Matcher {
  const candidates: Candidate[] = script.intents.map((intent) => ({
    intent,
    phrases: (intent.phrases ?? []).map(parsePhrase),
    patterns: (intent.patterns ?? []).map((source) => linearExpression(source, { ignoreCase: true })),
  }))
  return (utterance) => {
    const words = spokenWords(utterance)
    let best: Match | undefined
    const consider = (match: Match | undefined): void => {
      if (match !== undefined && match.score >= threshold && match.score > (best?.score ?? 0)) best = match
    }
    for (const { intent, phrases, patterns } of candidates) {
      for (const pattern of patterns) consider(matchPattern(intent, pattern, words))
      for (const phrase of phrases) consider(matchPhrase(intent, phrase, words, slots))
    }
    return best
  }
}

function matchPattern(
  intent: ScriptIntent,
  pattern: LinearExpression,
  words: readonly string[],
): Match | undefined {
  const slots = pattern.groupsIn(words.join(' '))
  return slots && { intent, score: 1, slots }
}

function matchPhrase(
  intent: ScriptIntent,
  phrase: Phrase,
  heard: readonly string[],
  slots: Slots,
): Match | undefined {
  let words = heard
  const values = new Map<string, string>()
  for (const name of phrase.slots) {
    const found = findSlot(words, slots.get(name) ?? [])
    if (found === undefined) return undefined
    values.set(name, found.value)
    words = [...words.slice(0, found.start), `{${name}}`, ...words.slice(found.start + found.length)]
  }
  return { intent, score: similarity(phrase.tokens, words), slots: values }
}

function similarity(phrase: readonly string[], words: readonly string[]): number {
  const total = weight(phrase) + weight(words)
  if (total === 0) return 0
  const left = [...words]
  let shared = 0
  for (const token of phrase) {
    const place = left.indexOf(token)
    if (place < 0) continue
    left.splice(place, 1)
    shared += weightOf(token)
  }
  const overlap = (2 * shared) / total
  return ` ${words.join(' ')} `.includes(` ${phrase.join(' ')} `)
    ? WHOLE_PHRASE + (1 - WHOLE_PHRASE) * overlap
    : overlap
}

function weight(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + weightOf(word), 0)
}

function weightOf(word: string): number {
  return STOP_WORDS.has(word) ? STOP_WEIGHT : 1
}
