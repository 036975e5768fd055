import { primaryLanguage } from '../tags/primary-language.ts'
import { ENGLISH, HEBREW } from './clause-words.ts'

/** In more words than these the object stands somewhere, or the verb is that of a clause. */
const MOST_TO_VERB = 6
/** Behind a pronoun, which says little, the verb comes at once. */
const MOST_BEHIND_PRONOUN = 3
const MOST_HEBREW_WORDS = 5

/**
 * Whether a sentence breaks off at its verb: "my phone shows", "the door does not", "the name on the card is". Short
 * answers that end so ("yes it is", "no I haven't") are whole.
 * @param words in small letters, as `spokenWords` gives them
 * @param language BCP 47 tag of the call; a language without words gives `false`.
 */
export function isHalfSentence(words: readonly string[], language: string): boolean {
  return words.length > 1 && (JUDGES.get(primaryLanguage(language))?.(words) ?? false)
}

const JUDGES: ReadonlyMap<string, (words: readonly string[]) => boolean> = new Map([
  ['en', englishHalf],
  ['he', hebrewHalf],
])

function englishHalf(words: readonly string[]): boolean {
  const { determiners, subjects, questions, relatives, verbsWithObject } = ENGLISH
  if (words.length > MOST_TO_VERB || words.some((word) => questions.has(word))) return false
  const before = withoutLast(words, (word) => ENGLISH.adverbs.has(word) || word === 'not')
  const verb = before.at(-1) ?? ''
  const opener = words[0]!
  const subject = before.slice(0, -1)
  // "the one I wanted", "the parcel that came".
  if (subject.slice(1).some((word) => subjects.has(word) || relatives.has(word))) return false
  if (subjects.has(opener)) return words.length <= MOST_BEHIND_PRONOUN && verbsWithObject.has(verb)
  if (!determiners.has(opener) || subject.length < 2) return false
  return verbsWithObject.has(verb) || ENGLISH.auxiliaries.has(verb)
}

function withoutLast(words: readonly string[], left: (word: string) => boolean): readonly string[] {
  let end = words.length
  while (end > 0 && left(words[end - 1]!)) end--
  return words.slice(0, end)
}

function hebrewHalf(words: readonly string[]): boolean {
  const { questions, copulas, verbsWithObject, beforeNo } = HEBREW
  if (words.length > MOST_HEBREW_WORDS || words.some((word) => questions.has(word))) return false
  if (words.some((word) => word.startsWith('ש') && word.length > 4 && word.endsWith('תי'))) return false
  const last = words.at(-1)!
  const previous = words.at(-2)!
  if (copulas.has(last)) return previous !== 'כן' && previous !== 'לא'
  const namesThing = /^ה\p{Script=Hebrew}{2,}/u.test(words[0]!) || /^של(?:י|נו|ך)$/u.test(previous)
  if (last === 'לא') return namesThing && !beforeNo.has(previous)
  return namesThing && verbsWithObject.has(last)
}
