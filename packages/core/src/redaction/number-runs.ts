import { numberWordOf } from './number-words.ts'

/** Digits that stand together in a text, or the words of a number. */
export interface NumberToken {
  readonly start: number
  readonly end: number
  readonly digits: string
}

/** Tokens between which there is nothing but blanks, signs that stand in numbers, and sounds of thinking. */
export interface NumberRun {
  readonly tokens: readonly NumberToken[]
  /** Nothing of weight follows: the number may go on with the next words of the same speaker. */
  readonly open: boolean
}

export interface NumberText {
  readonly runs: readonly NumberRun[]
  /** It says nothing but sounds of thinking. */
  readonly empty: boolean
}

const PART = /[0-9\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]+|\p{L}[\p{L}\p{M}'’׳״"]*/gu
/** What may stand between the digits of one number. */
const LOOSE = /^[\s\p{Pd}\p{Cf}.,…·•_()[\]+/*#]*$/u
const ENDS_SENTENCE = /[.!?]/
const ZEROS = [0x30, 0x660, 0x6f0, 0xff10]
/** A text that holds none of these holds no number: most of what is said is passed by with one look. */
const MAY_HOLD =
  /[0-9\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]|zero|nought|naught|oh\b|\bo\b|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twel|teen|twenty|thirty|forty|fifty|אפס|אח[תד]|שת|שני|שלוש|ארבע|חמ[שי]|שש|שיש|שבע|שמונ|תשע|עשר/i

const NOTHING: NumberText = { runs: [], empty: false }

export interface NumberReading {
  /** What is written, not said: digits that letters touch are a part of some name. */
  readonly written?: boolean
  /** The end of a sentence ends a number. */
  readonly sentences?: boolean
}

/** The numbers of a text, also those in words, in order. Time is linear. */
export function numbersIn(text: string, reading: NumberReading = {}): NumberText {
  if (!MAY_HOLD.test(text)) return /\p{L}/u.test(text) ? withoutNumbers(text) : { runs: [], empty: true }
  const reader = createRunReader(text, reading)
  for (const part of text.matchAll(PART)) reader.take(part[0], part.index)
  return reader.end()
}

/** Only short texts are made of nothing but sounds of thinking. */
function withoutNumbers(text: string): NumberText {
  if (text.length > 40) return NOTHING
  const words = text.match(PART) ?? []
  return { runs: [], empty: words.every((word) => numberWordOf(word) !== undefined) }
}

/** As long as a card: whatever touches it, it is no part of a name. */
const LONG = 13

function createRunReader(text: string, { written = false, sentences = false }: NumberReading) {
  const runs: NumberRun[] = []
  let tokens: NumberToken[] = []
  let at = 0
  let times: { readonly start: number; readonly times: number } | undefined
  /** What the last token was, where the next one may change it. */
  let last: 'unit' | 'tens' | 'other' = 'other'
  let onlyFillers = true

  function close(open: boolean): void {
    if (tokens.length > 0) runs.push({ tokens, open })
    tokens = []
    times = undefined
    last = 'other'
  }

  function push(start: number, end: number, digits: string, kind: typeof last): void {
    const repeat = times && digits.length === 1 ? times : undefined
    tokens.push({ start: repeat?.start ?? start, end, digits: digits.repeat(repeat?.times ?? 1) })
    times = undefined
    last = kind
  }

  /** The last token and what follows it are one number. */
  function join(end: number, digits: (before: string) => string): void {
    const before = tokens.pop()!
    tokens.push({ start: before.start, end, digits: digits(before.digits) })
    last = 'other'
  }

  function takeWord(word: string, start: number, end: number): void {
    const found = numberWordOf(word)
    if (found === undefined) {
      onlyFillers = false
      return close(false)
    }
    if (found.kind === 'times') times = { start, times: found.times }
    else if (found.kind === 'tens') push(start, end, `${found.digit}0`, 'tens')
    else if (found.kind === 'digits') {
      const { digits, shifts } = found
      if (shifts && last === 'unit') join(end, (before) => `1${before}`)
      else if (last === 'tens' && digits.length === 1 && digits !== '0')
        join(end, (before) => before[0]! + digits)
      else push(start, end, digits, digits.length === 1 ? 'unit' : 'other')
    }
  }

  return {
    take(part: string, start: number): void {
      const gap = text.slice(at, start)
      const end = start + part.length
      if (!LOOSE.test(gap) || (sentences && tokens.length > 0 && /[.!?]\s/.test(gap))) close(false)
      at = end
      if (isDigit(part)) {
        const touched = written && part.length < LONG && touchesLetters(text, start, end)
        if (touched) close(false)
        else push(start, end, plainDigits(part), 'other')
      } else takeWord(part, start, end)
    },
    end(): NumberText {
      const rest = text.slice(at)
      close(LOOSE.test(rest) && !(sentences && ENDS_SENTENCE.test(rest)))
      return { runs, empty: runs.length === 0 && onlyFillers }
    },
  }
}

function isDigit(part: string): boolean {
  return zeroOf(part.charCodeAt(0)) !== undefined
}

function zeroOf(code: number): number | undefined {
  return ZEROS.find((zero) => code >= zero && code <= zero + 9)
}

function plainDigits(part: string): string {
  if (part.charCodeAt(0) <= 0x39 && /^[0-9]+$/.test(part)) return part
  return Array.from(part, (digit) => digit.charCodeAt(0) - zeroOf(digit.charCodeAt(0))!).join('')
}

function touchesLetters(text: string, start: number, end: number): boolean {
  return /[\p{L}_]/u.test(text.charAt(start - 1)) || /[\p{L}_]/u.test(text.charAt(end))
}
