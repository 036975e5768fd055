import {
  hasWords,
  isCurrency,
  isDigit,
  isMark,
  isNewline,
  isPhraseSpaced,
  isSpace,
  isStop,
  isWideMark,
  isWideStop,
} from './clause-marks.ts'
import { CONTINUING_CAPITALS } from '../sentences/continuing-capitals.ts'
import { closersEnd } from './closers.ts'
import { clauseIfWhole, none, WAIT, type HeldText, type Verdict } from './held-text.ts'
import { isInsideMark } from './inside-mark.ts'
import { judgeStop, wordBefore } from './judge-stop.ts'
import { figureFollows, nextWord } from './next-word.ts'

/**
 * Judges the place `at`. A verdict other than `wait` never changes, whatever text follows: this is what makes the
 * cutter independent of how the text was split into tokens.
 */
export function judgeBoundary(held: HeldText, at: number): Verdict {
  const char = held.text[at]!
  if (isNewline(char)) return { kind: hasWords(held.text.slice(0, at)) ? 'cut' : 'none', end: at + 1 }
  if (isStop(char) || isWideStop(char)) return judgeStop(held, at)
  if (isMark(char) || isWideMark(char) || char === '-') return judgeMark(held, at)
  if (at > 0 && !isSpace(char) && isSpace(held.text[at - 1]!)) return judgeWordStart(held, at)
  return none(at + 1)
}

function judgeMark(held: HeldText, at: number): Verdict {
  const { text } = held
  // The end of a character reference.
  if (text[at] === ';' && /&#?[\p{L}\p{N}]{1,31}$/u.test(text.slice(Math.max(0, at - 33), at)))
    return none(at + 1)
  const dash = /^[-–—]+/u.exec(text.slice(at))?.[0]
  const markEnd = at + (dash?.length ?? 1)
  // A hyphen is a dash only between spaces.
  if (dash !== undefined && !/[–—]/u.test(dash) && !isSpace(text[at - 1] ?? '')) return none(markEnd)
  const end = closersEnd(held, markEnd)
  if (end === undefined) return WAIT
  const after = text[end]
  if (after === undefined) return held.ended ? none(end) : WAIT
  const betweenDigits = ENDS_IN_FIGURE.test(text.slice(Math.max(0, at - 7), at).trimEnd())
  if (isSpace(after)) {
    if (isNewline(after)) return none(end)
    if (!betweenDigits && text[at] !== ':') return clauseIfWhole(held, end)
    // "Your code: 4821": what a number is tells how it is said.
    if (!betweenDigits) {
      const follows = figureFollows(held, end)
      return follows === undefined ? WAIT : follows ? none(end) : clauseIfWhole(held, end)
    }
    // "March 5, 2026" and "5 - 7".
    const next = nextWord(held, end)
    if (next === undefined) return WAIT
    return isDigit(next.char) || isCurrency(next.char) ? none(end) : clauseIfWhole(held, end)
  }
  if (!isWideMark(text[markEnd - 1]!)) return none(end)
  return betweenDigits && isDigit(after) ? none(end) : clauseIfWhole(held, end)
}

/** `5`, `1st`, `Thu` of `Thu, 12 Mar` */
const ENDS_IN_FIGURE = /\p{Nd}(?:st|nd|rd|th)?$|\b(?:Mon|Tues?|Wed|Thu|Thurs|Fri|Sat|Sun)\.?$/u

function judgeWordStart(held: HeldText, at: number): Verdict {
  const before = held.text.slice(0, at).trimEnd()
  const last = before.at(-1) ?? ''
  const char = held.text[at]!
  // "03 555 1234", "5 km", "29 November 2026" and "2 million ₪" are one figure each, "Dr. Cohen" is one name.
  if (isDigit(last) && isDigit(char)) return none(at + 1)
  if (goesWithFigure(before, isDigit(char) || isCurrency(char))) return none(at + 1)
  if (last === '.' && held.rules.kindOf(wordBefore(before, before.length - 1)) !== undefined)
    return none(at + 1)
  if (isInsideMark(held.text, at)) return none(at + 1)
  const phrase = isPhraseSpaced(last) && isPhraseSpaced(char)
  return { kind: phrase ? 'clause' : 'space', end: at }
}

/** Two words of a figure, or a name's title, are no longer than this. */
const MAX_FIGURE_CHARS = 48

/**
 * Whether what follows says what a number counts, or is the number of a month, or of what stands between two, or the
 * money of a large one (`isNumber`).
 */
function goesWithFigure(before: string, isNumber: boolean): boolean {
  const words = before.slice(-MAX_FIGURE_CHARS).split(/\s+/u)
  const last = words.at(-1)!
  if (isFigure(last) || HEBREW_SHORT_FORM.test(last)) return true
  if (!isNumber) return false
  return (
    isFigure(words.at(-2) ?? '') || LEADS_TO_NUMBER.test(last) || CONTINUING_CAPITALS.has(last.toLowerCase())
  )
}

/** `Thu,` of `Thu, 12 Mar`; `BA` of a flight. */
const LEADS_TO_NUMBER = /^(?:(?:Mon|Tues?|Wed|Thu|Thurs|Fri|Sat|Sun)[.,]?|[A-Z]{2})$/u

/**
 * A digit and no letters but those that Hebrew joins to it, and those of codes and measures: `$5`, `(212)`, `14:30`,
 * `ה-29`, `1st`, `30x20`, `1.2M`, `SW1A`.
 */
function isFigure(word: string): boolean {
  if (!/\p{Nd}/u.test(word)) return false
  return !/\p{L}/u.test(word.replace(/^[והבכלמש]{1,3}[-־]|(?<=\p{Nd})(?:st|nd|rd|th|[xhmk])|[A-Z]/gu, ''))
}

/** `ד"ר`, `פרופ'` */
const HEBREW_SHORT_FORM = /\p{Script=Hebrew}["'״׳]\p{Script=Hebrew}?$/u
