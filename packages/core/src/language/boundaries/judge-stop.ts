import { isDigit, isLowercase, isNewline, isSpace, isStop, isUnspaced, isWideStop } from './clause-marks.ts'
import type { AbbreviationKind } from '../sentences/abbreviations.ts'
import { CONTINUING_CAPITALS } from '../sentences/continuing-capitals.ts'
import { SMALL_STARTERS } from '../sentences/tables/en.ts'
import { wordsIn } from '../sentences/tables/words-in.ts'
import { closersEnd } from './closers.ts'
import { characterOf, cutIfWhole, none, WAIT, type HeldText, type Verdict } from './held-text.ts'
import { firstOfNext, whenNext, type NextWord } from './next-word.ts'

/** Whether a sentence ends at the stop, or row of stops, `at`. */
export function judgeStop(held: HeldText, at: number): Verdict {
  const { text } = held
  let runEnd = at
  while (isStop(text[runEnd] ?? '') || isWideStop(text[runEnd] ?? '')) runEnd++
  const run = text.slice(at, runEnd)
  const end = closersEnd(held, runEnd)
  if (end === undefined) return WAIT
  const after = characterOf(held, end)
  if (after === undefined) return WAIT
  if (after === '') return none(end)
  if ([...run].some(isWideStop)) return cutIfWhole(held, end)
  if (isNewline(after)) return none(end)
  if (isSpace(after)) return judgeSpacedStop(held, { at, run, closers: text.slice(runEnd, end), end })
  return /[!?؟]$/u.test(run) && isUnspaced(after) ? cutIfWhole(held, end) : none(end)
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
    if (/^\p{Nd}{1,3}$/u.test(word)) return judgeNumber(held, stop, word)
    const before = held.text.slice(0, at - word.length)
    const kind = held.rules.spacedKindOf(before, word) ?? held.rules.kindOf(word)
    if (kind) return judgeAbbreviation(held, end, kind)
    if (closers === '' && word.length <= MAX_SHORT_FORM_CHARS) return judgeShortWord(held, end)
  }
  // "Well... let me see", «Да?» — спросила она, and "Really?" she asked.
  const maybeInside = /^(?:\.{2,}|[…‥]+)$/u.test(run) || /["'”’»“״]/u.test(closers)
  return maybeInside ? whenNext(held, end, (next) => !/^[\p{Ll}–—]/u.test(next.char)) : cutIfWhole(held, end)
}

function judgeAbbreviation(held: HeldText, end: number, kind: AbbreviationKind): Verdict {
  if (kind === 'never') return none(end)
  if (kind === 'name')
    return whenNext(held, end, (next) => !isLowercase(next.char) && held.rules.isStarter(next.word))
  if (kind === 'number') return whenNext(held, end, (next) => !isDigit(next.char) && !isLowercase(next.char))
  return whenNext(held, end, startsNothingListed)
}

function startsNothingListed(next: NextWord): boolean {
  return (
    !isLowercase(next.char) && !isDigit(next.char) && !next.isTitle && !CONTINUING_CAPITALS.has(next.word)
  )
}

/** A longer word is no short form. */
const MAX_SHORT_FORM_CHARS = 6
const SMALL: ReadonlySet<string> = new Set(wordsIn(SMALL_STARTERS))

/**
 * Behind a short word, as UAX #29 has it: no sentence begins with a small letter, so the word is a short form that no
 * list has. Not so where the writer uses no capitals, or goes on with a word that hardly continues a sentence.
 */
function judgeShortWord(held: HeldText, end: number): Verdict {
  const char = firstOfNext(held, end)
  if (char === undefined) return WAIT
  if (char === '') return none(end)
  if (!isLowercase(char) || !(held.capitals || /\p{Lu}/u.test(held.text.slice(0, end))))
    return cutIfWhole(held, end)
  return whenNext(held, end, (next) => SMALL.has(next.word))
}

function judgeNumber(held: HeldText, { at, end }: SpacedStop, word: string): Verdict {
  const before = held.text.slice(0, at - word.length)
  const item = listItem(held, before, numberOf(word))
  if (item !== undefined) return { kind: 'item', end, item }
  return whenNext(held, end, (next) => startsNothingListed(next) && !held.rules.isOrdinal(before, next.word))
}

/** In the digits of any script, which come in rows of ten: `١٢`, `१२`. */
function numberOf(digits: string): number {
  let number = 0
  for (const digit of digits) number = number * 10 + valueOf(digit)
  return number
}

function valueOf(digit: string): number {
  const code = digit.codePointAt(0)!
  let zero = code
  while (code - zero < 9 && isDigit(String.fromCodePoint(zero - 1))) zero--
  return code - zero
}

/** The number of a list item: at the start of a line, first after a colon, or counting on. */
function listItem(held: HeldText, before: string, number: number): number | undefined {
  const line = before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1)
  const startsLine = /^[\s>*_-]*$/u.test(line)
  const startsList = number === 1 && /[:：]\s*[*_]*$/u.test(before)
  const countsOn = held.item > 0 && (number === held.item + 1 || number === held.item)
  return startsLine || startsList || countsOn ? number : undefined
}

/** The word that ends before `stop`, without what opens it. */
export function wordBefore(text: string, stop: number): string {
  let start = stop
  while (start > 0 && !/\s/u.test(text[start - 1]!)) start--
  return text.slice(start, stop).replace(/^[^\p{L}\p{N}]+/u, '')
}
