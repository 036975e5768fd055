import { characterAt, hasWords } from './clause-marks.ts'
import type { SentenceRules } from '../sentences/sentence-rules.ts'
import { isInsideMark } from './inside-mark.ts'

/** What the judge looks at. */
export interface HeldText {
  /** Everything since the last cut; begins with no white space. */
  readonly text: string
  /** Nothing more will come. */
  readonly ended: boolean
  /** Number of the last list item seen in this reply; 0: none. */
  readonly item: number
  /** A capital was written in this reply before `text`. */
  readonly capitals: boolean
  readonly rules: SentenceRules
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

export const WAIT: Verdict = { kind: 'wait' }

export function none(end: number): Verdict {
  return { kind: 'none', end }
}

/** A sentence ends here, unless nothing can be said yet, or what stands in a mark would be torn. */
export function cutIfWhole(held: HeldText, end: number): Verdict {
  return { kind: isWhole(held, end) ? 'cut' : 'none', end }
}

export function clauseIfWhole(held: HeldText, end: number): Verdict {
  return { kind: isWhole(held, end) ? 'clause' : 'none', end }
}

function isWhole(held: HeldText, end: number): boolean {
  return hasWords(held.text.slice(0, end)) && !isInsideMark(held.text, end)
}

/** The code point at `index`; `''` past the end, `undefined` when what stands there has not come yet. */
export function characterOf(held: HeldText, index: number): string | undefined {
  const char = characterAt(held.text, index)
  return char === undefined || char === '' ? (held.ended ? '' : undefined) : char
}
