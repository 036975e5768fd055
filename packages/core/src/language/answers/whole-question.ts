import { createPhraseFinder, type PhraseFinder } from './phrase-finder.ts'
import { type QuestionWords, questionWordsFor } from './question-words.ts'
import { spokenWords } from '../spoken-words.ts'

/** Fewer words are the beginning of a question more often than all of it: "can you", "what about". */
const MIN_WORDS = 4

const OPENERS = new WeakMap<QuestionWords, PhraseFinder>()

/**
 * Whether the caller has asked something: who does so waits for the answer sooner than who tells something. Says
 * nothing of how the words end (`utteranceShape`).
 * @param language BCP 47 tag of the call.
 */
export function isWholeQuestion(text: string, language: string): boolean {
  const lists = questionWordsFor(language)
  if (!lists) return false
  let openers = OPENERS.get(lists)
  if (!openers) {
    openers = createPhraseFinder(lists.questionOpeners)
    OPENERS.set(lists, openers)
  }
  const words = spokenWords(text)
  return words.length >= MIN_WORDS && openers.isIn(words.slice(0, 1))
}
