import { matchesOf } from '../language/patterns/matches-of.ts'
import { isDigit, plainDigits } from './decimal-digits.ts'
import { APART, hasManyColons, isLoose, signsBetween, withoutEscapes } from './number-gaps.ts'
import { createNumberWords, type NumberToken } from './number-values.ts'
import { mayOnlySoundLikeDigits, numberWordOf } from './number-words.ts'

/** Tokens between which there is nothing but blanks, signs that stand in numbers, and sounds of thinking. */
export interface NumberRun {
  readonly tokens: readonly NumberToken[]
  /** Nothing of weight follows: the number may go on with the next words of the same speaker. */
  readonly open: boolean
  /** Words that part it from the run before, or from the beginning; 0: nothing but the end of a sentence does. */
  readonly wordsBefore: number
}

export interface NumberText {
  readonly runs: readonly NumberRun[]
  /** It says nothing but sounds of thinking. */
  readonly empty: boolean
  /** Words behind the last run. */
  readonly wordsBehind: number
}

const PART = /\p{Nd}+|\p{L}[\p{L}\p{M}'’׳״"]*/gu
const ENDS_SENTENCE = /[.!?]/
/** A text that holds none of these holds no number: most of what is said is passed by with one look. */
const MAY_HOLD =
  /\p{Nd}|zero|nought|naught|oh\b|\bo\b|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twel|teen|twenty|thirty|forty|fifty|hundred|thousand|אפס|אח[תד]|שת|שני|שלוש|ארבע|חמ[שי]|שש|שיש|שבע|שמונ|תשע|עשר|מא[הות]|אל[פף]/iu

export interface NumberReading {
  /** What is written, not said: digits that letters touch are a part of some name. */
  readonly written?: boolean
  /** The end of a sentence ends a number. */
  readonly sentences?: boolean
  /** Words that only sound like digits are digits: "for", "to". */
  readonly alike?: boolean
}

/** The numbers of a text, also those in words, in order. Time is linear. */
export function numbersIn(text: string, reading: NumberReading = {}, words = wordsIn(text)): NumberText {
  const mayHold = MAY_HOLD.test(text) || (reading.alike === true && mayOnlySoundLikeDigits(text))
  if (!mayHold) return withoutNumbers(text)
  const { plain, parts } = words()
  const reader = createRunReader(plain, reading)
  for (const part of parts) reader.take(part[0], part.index)
  return reader.end()
}

/** The words and groups of digits of a text, for one who reads it twice. Read when they are asked for. */
export function wordsIn(
  text: string,
): () => { readonly plain: string; readonly parts: readonly RegExpExecArray[] } {
  let read: ReturnType<ReturnType<typeof wordsIn>> | undefined
  return () => {
    if (read !== undefined) return read
    const plain = withoutEscapes(text)
    return (read = { plain, parts: matchesOf(plain, PART) })
  }
}

/** Only short texts are made of nothing but sounds of thinking; of longer ones the words need not be counted. */
function withoutNumbers(text: string): NumberText {
  if (text.length > 80) return { runs: [], empty: false, wordsBehind: text.length }
  const words = text.match(PART) ?? []
  const meant = words.filter((word) => numberWordOf(word) === undefined)
  return { runs: [], empty: meant.length === 0, wordsBehind: meant.length }
}

/** As long as a card: whatever touches it, it is no part of a name. */
const LONG = 13

function createRunReader(text: string, { written = false, sentences = false, alike = false }: NumberReading) {
  const runs: NumberRun[] = []
  const numbers = createNumberWords()
  let at = 0
  let words = 0
  /** The digits of the last part, when it was one. */
  let before = ''
  let onlyFillers = true
  let manyColons: boolean | undefined
  const isManyColons = (): boolean => (manyColons ??= hasManyColons(text))

  function close(open: boolean): void {
    const tokens = numbers.take()
    if (tokens.length === 0) return
    runs.push({ tokens, open, wordsBefore: words })
    words = 0
  }

  function takeWord(word: string, start: number, end: number): void {
    const found = numberWordOf(word, alike)
    if (found !== undefined) return numbers.add(found, start, end)
    onlyFillers = false
    close(false)
    // In the place of a number that is hidden already: what goes on behind it is another one.
    words += text[start - 1] === '[' ? APART : 1
  }

  function takeDigits(part: string, start: number, end: number): void {
    const touched = written && part.length < LONG && touchesLetters(text, start, end)
    if (!touched) return numbers.addDigits(plainDigits(part), start, end)
    close(false)
    words++
  }

  return {
    take(part: string, start: number): void {
      const gap = text.slice(at, start)
      const end = start + part.length
      const isNumber = isDigit(part)
      const signs = signsBetween(gap, before, isNumber ? part : '...', isManyColons)
      const endsSentence = sentences && !numbers.empty() && /[.!?]\s/.test(gap)
      if (signs > 0 || endsSentence) close(false)
      words += signs
      at = end
      before = isNumber ? part : '...'
      if (isNumber) takeDigits(part, start, end)
      else takeWord(part, start, end)
    },
    end(): NumberText {
      const rest = text.slice(at)
      const isMeant = !isLoose(rest)
      close(!isMeant && !(sentences && ENDS_SENTENCE.test(rest)))
      return { runs, empty: runs.length === 0 && onlyFillers, wordsBehind: words + (isMeant ? 1 : 0) }
    },
  }
}

function touchesLetters(text: string, start: number, end: number): boolean {
  return /[\p{L}_]/u.test(text.charAt(start - 1)) || /[\p{L}_]/u.test(text.charAt(end))
}
