import type { ExpectedAnswer } from './expected-answer.ts'
import { madeOnce } from '../made-once.ts'
import { createPhraseSet, type PhraseSet } from '../phrase-set.ts'
import { type QuestionWords, questionWordsFor } from './question-words.ts'
import { spokenWords } from '../spoken-words.ts'
import { isNumberWord } from '../word-lists.ts'

/**
 * Whether words answer what was asked: `whole` all of it, `part` more must come ("two of four digits"), `unknown`
 * the question says nothing of it.
 */
export type AnswerCompleteness = 'whole' | 'part' | 'unknown'

/** @param language BCP 47 tag of the call. */
export function answerCompleteness(
  text: string,
  expected: ExpectedAnswer,
  language: string,
): AnswerCompleteness {
  const lists = questionWordsFor(language)
  const words = spokenWords(text)
  if (!lists || words.length === 0 || expected.kind === 'open') return 'unknown'
  return judgesOf(lists)[expected.kind](words, expected)
}

type Judges = Readonly<
  Record<
    Exclude<ExpectedAnswer['kind'], 'open'>,
    (words: readonly string[], expected: ExpectedAnswer) => AnswerCompleteness
  >
>

const judgesOf = madeOnce(createJudges)

function createJudges(lists: QuestionWords): Judges {
  const yesNo = createPhraseSet([...lists.yesNo, ...lists.politeness])
  const days = createPhraseSet(lists.days)
  const months = createPhraseSet(lists.months)
  const leads = createPhraseSet(lists.nameLeads)
  const numbers = valuesOf(lists)
  const isNumber = (word: string): boolean => numbers.has(word) || isNumberWord(word)

  return {
    'yes-no': (words) => (madeOf(words, yesNo) ? 'whole' : 'unknown'),
    digits(words, expected) {
      if (expected.kind !== 'digits' || expected.count === undefined) return 'unknown'
      const said = digitsIn(words, numbers)
      if (said === 0) return 'unknown'
      if (said >= expected.count) return 'whole'
      return said < (expected.least ?? expected.count) ? 'part' : 'unknown'
    },
    date(words) {
      if (words.some((word) => /^\d{1,4}[/.]\d{1,2}/u.test(word)) || days.isEndOf(words)) return 'whole'
      if (!months.isIn(words)) return 'unknown'
      return words.some(isNumber) ? 'whole' : 'part'
    },
    time: (words) => (/^\d{1,2}:\d\d$/u.test(words.at(-1)!) ? 'whole' : 'unknown'),
    name(words, expected) {
      const name = leads.behindStart(words)
      if (name.length === 0) return 'part'
      const least = expected.kind === 'name' && expected.part ? 1 : 2
      return name.length >= least && name.length < 4 ? 'whole' : 'unknown'
    },
  }
}

/** Nothing but phrases of the list, one behind the other. */
function madeOf(words: readonly string[], phrases: PhraseSet): boolean {
  let rest = words
  while (rest.length > 0) {
    const next = phrases.behindStart(rest)
    if (next.length === rest.length) return false
    rest = next
  }
  return true
}

/**
 * How many digits of a number have been read out, in whatever words.
 * @param language BCP 47 tag of the call; a language without words gives those that are written as such.
 */
export function digitsSaid(words: readonly string[], language: string): number {
  const lists = questionWordsFor(language)
  return digitsIn(words, lists ? valuesOf(lists) : new Map())
}

const valuesOf = madeOnce(
  (lists: QuestionWords): ReadonlyMap<string, number> =>
    new Map(lists.numbers.flatMap((forms, value) => forms.map((form) => [form, value] as const))),
)

/** Digits of a number that is read out: "four seven 11" has four. */
function digitsIn(words: readonly string[], numbers: ReadonlyMap<string, number>): number {
  let digits = 0
  for (const word of words) {
    if (/^\d+$/u.test(word)) digits += word.length
    else if (numbers.has(word)) digits += String(numbers.get(word)).length
  }
  return digits
}
