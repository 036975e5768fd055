import { isOpener, isSpace } from './clause-marks.ts'
import { characterOf, cutIfWhole, none, WAIT, type HeldText, type Verdict } from './held-text.ts'

/** What follows a stop or a mark. */
export interface NextWord {
  /** Its first character that is no quote or bracket; `''` when nothing follows. */
  readonly char: string
  /** In small letters and up to its apostrophe; `''` when it is no word, or a letter. */
  readonly word: string
  /** `Mr.` and its like. */
  readonly isTitle: boolean
}

/** A word longer than this is in none of the lists. */
const MAX_WORD_CHARS = 24

/** No word of a language that is written in Latin letters is one of these alone. */
const CONSONANT = /^[bcdfghj-np-tvwxz]$/iu

/** `undefined`: not whole yet. */
export function nextWord(held: HeldText, from: number): NextWord | undefined {
  const { text, ended } = held
  const at = startOfNext(text, from)
  const char = characterOf(held, at)
  if (char === undefined) return undefined
  const letters = /^[\p{L}\p{M}]*/u.exec(text.slice(at))![0]
  const whole = letters.length > MAX_WORD_CHARS || characterOf(held, at + letters.length) !== undefined
  if (!whole && !ended) return undefined
  const after = text[at + letters.length] ?? ''
  const stopped = after === '.'
  // "J. Hart" and "bât. C", but "C'est".
  const initial = letters.length === 1 && (stopped || (CONSONANT.test(letters) && !/['’]/u.test(after)))
  const isTitle = stopped && held.rules.kindOf(letters) === 'never'
  return { char, word: initial ? '' : letters.toLowerCase(), isTitle }
}

/** The first character of what follows; `''` when nothing does, `undefined`: not there yet. */
export function firstOfNext(held: HeldText, from: number): string | undefined {
  return characterOf(held, startOfNext(held.text, from))
}

/** Whether a number follows that is none of a list; `undefined`: not seen yet. */
export function figureFollows(held: HeldText, from: number): boolean | undefined {
  const at = startOfNext(held.text, from)
  if (!held.ended && at >= held.text.length) return undefined
  const [digits = '', behind = ''] = /^#?\p{Nd}{0,2}([.)]?\s?)/u.exec(held.text.slice(at, at + 6)) ?? []
  if (!/\p{Nd}/u.test(digits))
    return digits === '#' && !held.ended && at + 1 >= held.text.length ? undefined : false
  const isOpen = !held.ended && at + digits.length >= held.text.length && !/\s$/u.test(behind)
  return isOpen ? undefined : !/^[.)]\s$/u.test(behind)
}

/** Cuts at `end` if the word that follows says so. */
export function whenNext(held: HeldText, end: number, endsSentence: (next: NextWord) => boolean): Verdict {
  const next = nextWord(held, end)
  if (next === undefined) return WAIT
  return next.char !== '' && endsSentence(next) ? cutIfWhole(held, end) : none(end)
}

function startOfNext(text: string, from: number): number {
  let at = from
  while (at < text.length && (isSpace(text[at]!) || isOpener(text[at]!))) at++
  return at
}
