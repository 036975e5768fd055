import { primaryLanguage } from '../tags/primary-language.ts'
import { ENGLISH, HEBREW } from './clause-words.ts'

/** With more words behind its subject a clause has got further than to say which thing is meant. */
const MOST_BEHIND_SUBJECT = 3
/** Longer names of a thing are not told from sentences. */
const MOST_IN_NAME = 3
const MOST_HEBREW_WORDS = 6
const MOST_BEHIND_HEBREW_CLAUSE = 2

/**
 * Whether nothing but a thing has been named, with a clause that says which: "the washing machine that I bought", "an
 * invoice we got last week". What is the matter with it comes next, most often.
 * @param language BCP 47 tag of the call; a language without words gives `false`.
 */
export function isThingAlone(words: readonly string[], language: string): boolean {
  const judge = JUDGES.get(primaryLanguage(language))
  return judge?.(words) ?? false
}

const JUDGES: ReadonlyMap<string, (words: readonly string[]) => boolean> = new Map([
  ['en', englishThing],
  ['he', hebrewThing],
])

function englishThing(words: readonly string[]): boolean {
  const { determiners, relatives, subjects, times } = ENGLISH
  if (!determiners.has(words[0] ?? '')) return false
  const clause = words.findIndex((word, at) => at > 0 && (relatives.has(word) || subjects.has(word)))
  if (clause < 2 || clause > MOST_IN_NAME + 1) return false
  const name = words.slice(1, clause)
  if (name.some((word) => isEnglishVerb(word)) || times.has(name.at(-1)!)) return false
  const subject = subjects.has(words[clause + 1] ?? '') ? clause + 1 : clause
  const behind = words.slice(subject + 1)
  if (behind.length === 0 || behind.length > MOST_BEHIND_SUBJECT) return false
  // Behind the verb of the clause that of the sentence has begun: "… I sent never came".
  return !behind.slice(1).some((word) => ENGLISH.auxiliaries.has(word) || ENGLISH.adverbs.has(word))
}

function isEnglishVerb(word: string): boolean {
  return ENGLISH.verbsWithObject.has(word) || ENGLISH.auxiliaries.has(word)
}

/** "that I bought" is one word: שקניתי. */
const HEBREW_CLAUSE = /^ש\p{Script=Hebrew}{2,}(?:תי|נו|תם|תן)$/u
const HEBREW_FIRST_PERSON = /^\p{Script=Hebrew}{2,}(?:תי|נו)$/u

function hebrewThing(words: readonly string[]): boolean {
  if (words.length > MOST_HEBREW_WORDS || HEBREW.sentenceOpeners.has(words[0] ?? '')) return false
  const clause = words.findIndex((word) => HEBREW_CLAUSE.test(word))
  if (clause < 1 || words.length - 1 - clause > MOST_BEHIND_HEBREW_CLAUSE) return false
  // Who thought or said that: a sentence of its own.
  return !words.slice(0, clause).some((word) => HEBREW_FIRST_PERSON.test(word))
}
