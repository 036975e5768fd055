import { madeOnce } from '../made-once.ts'
import { createPhraseSet } from '../phrase-set.ts'
import { type QuestionWords, questionWordsFor } from './question-words.ts'
import { spokenWords } from '../spoken-words.ts'

/** Fewer words are the beginning of a question more often than all of it: "can you", "what about". */
const MIN_WORDS = 4

const openersOf = madeOnce((lists: QuestionWords) => createPhraseSet(lists.questionOpeners))

/**
 * Whether the caller has asked something: who does so waits for the answer sooner than who tells something. Says
 * nothing of how the words end (`utteranceShape`).
 * @param language BCP 47 tag of the call.
 */
export function isWholeQuestion(text: string, language: string): boolean {
  const lists = questionWordsFor(language)
  if (!lists) return false
  const words = spokenWords(text)
  return words.length >= MIN_WORDS && openersOf(lists).isStartOf(words)
}
