import { createNumberRun, type NumberRun } from './number-run.ts'
import { madeOnce } from '../made-once.ts'
import { createPhraseSet, type PhraseSet } from '../phrase-set.ts'
import { spokenWords } from '../spoken-words.ts'
import { type WordLists, wordListsFor } from '../word-lists.ts'

export type UtteranceShape = 'complete' | 'unfinished' | 'number'

/**
 * How the utterance looks at its end, as far as closed classes of words tell. First that applies:
 * 1. no words, or a language without word lists: complete
 * 2. with or without a full stop: ends in a filler, or is no more than a clause that needs another one ("if I pay
 *    today"): unfinished
 * 3. ends in a sentence mark of the recogniser (not an ellipsis): complete
 * 4. ends inside a number or a spelled word: number
 * 5. ends in a phrase that is listed as complete: complete
 * 6. ends in a comma, colon, dash or ellipsis: unfinished
 * 7. ends in a conjunction, an article or another word listed as unfinished: unfinished
 * 8. otherwise: complete, as far as that
 */
export function utteranceShape(text: string, language: string): UtteranceShape {
  const lists = wordListsFor(language)
  const words = lists && spokenWords(text)
  if (!lists || !words || words.length === 0) return 'complete'
  const judge = judgeOf(lists)
  const end = withoutClosers(text.trimEnd())
  if (judge.fillers.isEndOf(words)) return 'unfinished'
  if (isHalf(words, judge) && !/[?？؟]$/u.test(end)) return 'unfinished'
  if (/[.?!。！？؟]$/u.test(end) && !end.endsWith('..')) return 'complete'
  if (judge.insideNumber(end, withoutFillers(words, judge))) return 'number'
  if (judge.complete.isEndOf(words)) return 'complete'
  if (/(?:[,،:;…–—-]|\.\.)$/u.test(end)) return 'unfinished'
  if (judge.unfinished.isEndOf(words)) return 'unfinished'
  return judge.unfinished.isEndOf(withoutHebrewPrefix(words)) ? 'unfinished' : 'complete'
}

/** In more words than these the other clause has begun. */
const LONGEST_HALF = 6

/** "if you like" is listed as complete. */
function isHalf(words: readonly string[], { clauseOpeners, complete }: UtteranceJudge): boolean {
  return words.length <= LONGEST_HALF && clauseOpeners.isStartOf(words) && !complete.isEndOf(words)
}

/** Quotes and brackets that close, and marks of direction. */
const CLOSERS = new Set('"\'”’»)]\u200e\u200f')

function withoutClosers(text: string): string {
  let end = text.length
  while (end > 0 && CLOSERS.has(text[end - 1]!)) end--
  return text.slice(0, end)
}

/** "my number is um five": a number goes on as if nobody had said it. */
function withoutFillers(words: readonly string[], { fillers }: UtteranceJudge): readonly string[] {
  return words.filter((word) => !fillers.has([word]))
}

interface UtteranceJudge {
  readonly fillers: PhraseSet
  readonly complete: PhraseSet
  readonly unfinished: PhraseSet
  readonly clauseOpeners: PhraseSet
  readonly insideNumber: NumberRun
}

const judgeOf = madeOnce((lists: WordLists): UtteranceJudge => ({
  fillers: createPhraseSet(lists.fillers),
  complete: createPhraseSet(lists.complete),
  unfinished: createPhraseSet(lists.unfinished),
  clauseOpeners: createPhraseSet(lists.clauseOpeners),
  insideNumber: createNumberRun(lists),
}))

/** "and", "that" and "when" are written together with the next word: ואני, שאני, כשאני. */
function withoutHebrewPrefix(words: readonly string[]): readonly string[] {
  const last = words.at(-1)!
  const stem = last.replace(/^(?:ו?כש|וש|[וש])(?=\p{Script=Hebrew}{2})/u, '')
  return stem === last ? [] : [stem]
}
