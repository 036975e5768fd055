import { abbreviationKind, CALENDAR_WORDS, SENTENCE_STARTERS } from './abbreviations.ts'
import {
  characterAt,
  hasWords,
  isCloser,
  isDigit,
  isEmoji,
  isLowercase,
  isMark,
  isNewline,
  isOpener,
  isPhraseSpaced,
  isSpace,
  isStop,
  isUnspaced,
  isWideMark,
  isWideStop,
} from './clause-marks.ts'

/** What the judge looks at. */
export interface HeldText {
  /** Everything since the last cut; begins with no white space. */
  readonly text: string
  /** Nothing more will come. */
  readonly ended: boolean
  /** Number of the last list item seen in this reply; 0: none. */
  readonly item: number
}

/**
 * What is known of one place in the text.
 * - `cut`: a sentence ends before `end`.
 * - `clause`: a clause ends before `end`.
 * - `space`: a word ends before `end`, and the text may be parted there if it must.
 * - `item`: the number of a list item; no end of a sentence.
 * - `none`: nothing up to `end`.
 * - `wait`: the next characters will tell.
 */
export type Verdict =
  | { readonly kind: 'cut' | 'clause' | 'space' | 'none'; readonly end: number }
  | { readonly kind: 'item'; readonly end: number; readonly item: number }
  | { readonly kind: 'wait' }

const WAIT: Verdict = { kind: 'wait' }
/** A next word longer than this is in none of the lists. */
const MAX_WORD_CHARS = 24

/**
 * Judges the place `at`. A verdict other than `wait` never changes, whatever text follows: this is what makes the
 * cutter independent of how the text was split into tokens.
 */
export function judgeBoundary(held: HeldText, at: number): Verdict {
  const char = held.text[at]!
  if (isNewline(char)) return cutIfWords(held, at + 1)
  if (isStop(char) || isWideStop(char)) return judgeStop(held, at)
  if (isMark(char) || isWideMark(char) || char === '-') return judgeMark(held, at)
  if (at > 0 && !isSpace(char) && isSpace(held.text[at - 1]!)) return judgeWordStart(held, at)
  return none(at + 1)
}

function judgeStop(held: HeldText, at: number): Verdict {
  const { text } = held
  let runEnd = at
  while (isStop(text[runEnd] ?? '') || isWideStop(text[runEnd] ?? '')) runEnd++
  const run = text.slice(at, runEnd)
  const end = closersEnd(held, runEnd)
  if (end === undefined) return WAIT
  const after = characterAt(text, end)
  if (after === undefined) return held.ended ? none(text.length) : WAIT
  if (after === '') return held.ended ? none(end) : WAIT
  if ([...run].some(isWideStop)) return cutIfWords(held, end)
  if (isNewline(after)) return none(end)
  if (isSpace(after)) return judgeSpacedStop(held, { at, run, closers: text.slice(runEnd, end), end })
  return /[!?؟]$/u.test(run) && isUnspaced(after) ? cutIfWords(held, end) : none(end)
}

interface SpacedStop {
  readonly at: number
  readonly run: string
  readonly closers: string
  /** After the closers. */
  readonly end: number
}

function judgeSpacedStop(held: HeldText, stop: SpacedStop): Verdict {
  const { at, run, closers, end } = stop
  if (run === '.') {
    // ". . ." is an ellipsis.
    if (isSpace(held.text[at - 1] ?? '')) return whenNext(held, end, (next) => !/^[.\p{Ll}]/u.test(next.char))
    const word = wordBefore(held.text, at)
    const kind = abbreviationKind(word)
    if (kind === 'never') return none(end)
    if (kind === 'name') return whenNext(held, end, startsSentence)
    if (kind === 'number') return whenNext(held, end, (next) => !isDigit(next.char))
    if (kind === 'end') return whenNext(held, end, startsNothingListed)
    if (/^\p{Nd}{1,2}$/u.test(word)) {
      const item = listItem(held, at, word)
      if (item !== undefined) return { kind: 'item', end, item }
      return whenNext(held, end, startsNothingListed)
    }
  }
  // "Well... let me see", and "Really?" she asked.
  const maybeInside = /^(?:\.{2,}|[…‥]+)$/u.test(run) || /["'”’»“״]/u.test(closers)
  return maybeInside ? whenNext(held, end, (next) => !isLowercase(next.char)) : cutIfWords(held, end)
}

function startsSentence(next: NextWord): boolean {
  return !isLowercase(next.char) && SENTENCE_STARTERS.has(next.word)
}

function startsNothingListed(next: NextWord): boolean {
  return !isLowercase(next.char) && !isDigit(next.char) && !CALENDAR_WORDS.has(next.word)
}

/** The number of a list item: at the start of a line, first after a colon, or counting on. */
function listItem(held: HeldText, at: number, word: string): number | undefined {
  const before = held.text.slice(0, at - word.length)
  const number = Number(word)
  if (!Number.isInteger(number)) return undefined
  const line = before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1)
  const startsLine = /^[\s>*_-]*$/u.test(line)
  const startsList = number === 1 && /[:：]\s*[*_]*$/u.test(before)
  const countsOn = held.item > 0 && (number === held.item + 1 || number === held.item)
  return startsLine || startsList || countsOn ? number : undefined
}

function judgeMark(held: HeldText, at: number): Verdict {
  const { text } = held
  const dash = /^[-–—]+/u.exec(text.slice(at))?.[0]
  const markEnd = at + (dash?.length ?? 1)
  // A hyphen is a dash only between spaces.
  if (dash !== undefined && !/[–—]/u.test(dash) && !isSpace(text[at - 1] ?? '')) return none(markEnd)
  const end = closersEnd(held, markEnd)
  if (end === undefined) return WAIT
  const after = text[end]
  if (after === undefined) return held.ended ? none(end) : WAIT
  const betweenDigits = isDigit(text.slice(0, at).trimEnd().at(-1) ?? '')
  if (isSpace(after)) {
    if (isNewline(after)) return none(end)
    if (!betweenDigits) return clauseIfWords(held, end)
    // "March 5, 2026" and "5 - 7".
    const next = nextWord(held, end)
    if (next === undefined) return WAIT
    return isDigit(next.char) ? none(end) : clauseIfWords(held, end)
  }
  if (!isWideMark(text[markEnd - 1]!)) return none(end)
  return betweenDigits && isDigit(after) ? none(end) : clauseIfWords(held, end)
}

function judgeWordStart(held: HeldText, at: number): Verdict {
  const before = held.text.slice(0, at).trimEnd()
  const last = before.at(-1) ?? ''
  const char = held.text[at]!
  // "03 555 1234" is one number, "Dr. Cohen" is one name.
  if (isDigit(last) && isDigit(char)) return none(at + 1)
  if (last === '.' && abbreviationKind(wordBefore(before, before.length - 1)) !== undefined)
    return none(at + 1)
  const phrase = isPhraseSpaced(last) && isPhraseSpaced(char)
  return { kind: phrase ? 'clause' : 'space', end: at }
}

interface NextWord {
  /** Its first character that is no quote or bracket; `''` when nothing follows. */
  readonly char: string
  /** In small letters and up to its apostrophe; `''` when it is no word, or is itself an initial. */
  readonly word: string
}

/** `undefined`: not whole yet. */
function nextWord(held: HeldText, from: number): NextWord | undefined {
  const { text, ended } = held
  let at = from
  while (at < text.length && (isSpace(text[at]!) || isOpener(text[at]!))) at++
  const char = characterAt(text, at)
  if (char === undefined || char === '') return ended ? { char: '', word: '' } : undefined
  const letters = /^[\p{L}\p{M}]*/u.exec(text.slice(at))![0]
  const whole = letters.length > MAX_WORD_CHARS || characterAt(text, at + letters.length) !== ''
  if (!whole && !ended) return undefined
  const initial = letters.length === 1 && text[at + 1] === '.'
  return { char, word: initial ? '' : letters.toLowerCase() }
}

function whenNext(held: HeldText, end: number, endsSentence: (next: NextWord) => boolean): Verdict {
  const next = nextWord(held, end)
  if (next === undefined) return WAIT
  return next.char !== '' && endsSentence(next) ? cutIfWords(held, end) : none(end)
}

/** Past quotes, brackets and emoji; `undefined`: the end is not known yet. */
function closersEnd(held: HeldText, from: number): number | undefined {
  const { text } = held
  let at = from
  for (;;) {
    const char = characterAt(text, at)
    if (char === undefined || char === '') return held.ended ? at : undefined
    if (isCloser(char) || isEmoji(char)) at += char.length
    else if (isSpace(char) && !isNewline(char) && text.lastIndexOf('«', from) > text.lastIndexOf('»', from)) {
      // French puts a space before the closing quote.
      const next = text[at + 1]
      if (next === undefined && !held.ended) return undefined
      if (next !== '»') return at
      at += 2
    } else return at
  }
}

function wordBefore(text: string, stop: number): string {
  let start = stop
  while (start > 0 && !/\s/u.test(text[start - 1]!)) start--
  return text.slice(start, stop).replace(/^[^\p{L}\p{N}]+/u, '')
}

function cutIfWords(held: HeldText, end: number): Verdict {
  return { kind: hasWords(held.text.slice(0, end)) ? 'cut' : 'none', end }
}

function clauseIfWords(held: HeldText, end: number): Verdict {
  return { kind: hasWords(held.text.slice(0, end)) ? 'clause' : 'none', end }
}

function none(end: number): Verdict {
  return { kind: 'none', end }
}
