import { madeOnce } from '../made-once.ts'
import { createPhraseSet } from '../phrase-set.ts'
import { type QuestionWords, questionWordsFor } from './question-words.ts'
import { spokenWords } from '../spoken-words.ts'
import { type NumberLength, phoneDigitsFor, postalDigitsFor } from './number-lengths.ts'

/**
 * What an agent's last question asks for. `digits`: a number that is read out, of so many digits if that was said, or
 * is the same for everybody in the caller's country. `name`, `part`: the first or the last one alone.
 */
export type ExpectedAnswer =
  | { readonly kind: 'yes-no' | 'date' | 'time' | 'open' }
  | { readonly kind: 'name'; readonly part?: true }
  | ({ readonly kind: 'digits' } & Partial<NumberLength>)

const OPEN: ExpectedAnswer = { kind: 'open' }

/** A number that is longer than this is not counted by how an agent asks for it. */
const MAX_DIGITS = 20
/** A question begins within so many words: "and is that right?", "you want two seats, correct?" */
const OPENER_WITHIN_WORDS = 4

/**
 * What the caller is likely to answer, from what the agent said last. Only its last question counts; a text that asks
 * nothing, and every text of a language without words, gives `open`: nothing is known of the answer.
 * @param language BCP 47 tag of the call.
 */
export function expectedAnswer(said: string, language: string): ExpectedAnswer {
  const words = questionWordsFor(language)
  const request = words && lastRequest(said)
  if (!request) return OPEN
  return judgeOf(words)(request, { postal: postalDigitsFor(language), phone: phoneDigitsFor(language) })
}

interface Request {
  readonly words: readonly string[]
  readonly isQuestion: boolean
}

/** The last question; else the last sentence, which may ask without a mark: "Please say the code." */
function lastRequest(said: string): Request | undefined {
  const sentences = said.match(/[^.?!。？！]+[.?!。？！]*/gu) ?? []
  const asked = sentences.findLast((sentence) => /[?？]\s*$/u.test(sentence))
  const sentence = asked ?? sentences.at(-1)
  if (sentence === undefined) return undefined
  const words = spokenWords(sentence)
  return words.length === 0 ? undefined : { words, isQuestion: asked !== undefined }
}

/** Of the caller's country, where that is known. */
interface Lengths {
  readonly postal: NumberLength | undefined
  readonly phone: NumberLength | undefined
}

type Judge = (request: Request, lengths: Lengths) => ExpectedAnswer

const judgeOf = madeOnce(createJudge)

function createJudge(lists: QuestionWords): Judge {
  const openers = createPhraseSet(lists.yesNoOpeners)
  const requests = createPhraseSet(lists.requests)
  const choices = createPhraseSet(lists.choices)
  const amounts = createPhraseSet(lists.amounts)
  const date = createPhraseSet(lists.date)
  const time = createPhraseSet(lists.time)
  const name = createPhraseSet(lists.name)
  const wholeName = createPhraseSet(lists.wholeName)
  const namePart = createPhraseSet(lists.namePart)
  const postalCode = createPhraseSet(lists.postalCode)
  const phone = createPhraseSet(lists.phone)
  const digits = createPhraseSet(lists.digits)
  const units = new Set(lists.digitUnits)

  function digitsAsked(words: readonly string[]): number | undefined {
    const unit = words.findIndex((word, index) => index > 0 && units.has(word))
    const before = words[unit - 1]
    if (before === undefined) return undefined
    const count = /^\d+$/.test(before)
      ? Number(before)
      : lists.numbers.findIndex((forms) => forms.includes(before))
    return count > 0 && count <= MAX_DIGITS ? count : undefined
  }

  /** What the thing is that is asked for. */
  function thing(words: readonly string[], lengths: Lengths): ExpectedAnswer {
    if (amounts.isIn(words)) return OPEN
    if (time.isIn(words)) return { kind: 'time' }
    if (date.isIn(words)) return { kind: 'date' }
    const count = digitsAsked(words)
    if (count !== undefined) return { kind: 'digits', count }
    if (wholeName.isIn(words)) return { kind: 'name' }
    if (namePart.isIn(words)) return { kind: 'name', part: true }
    if (name.isIn(words)) return { kind: 'name' }
    if (postalCode.isIn(words)) return { kind: 'digits', ...lengths.postal }
    if (phone.isIn(words)) return { kind: 'digits', ...lengths.phone }
    return digits.isIn(words) ? { kind: 'digits' } : OPEN
  }

  return ({ words, isQuestion }, lengths) => {
    if (!isQuestion || requests.isIn(words)) return thing(words, lengths)
    if (choices.isIn(words)) return OPEN
    const wantsYesNo = openers.isEndOf(words) || openers.isIn(words.slice(0, OPENER_WITHIN_WORDS))
    return wantsYesNo ? { kind: 'yes-no' } : thing(words, lengths)
  }
}
