import { matchesOf } from '../../patterns/matches-of.ts'
import type { Span, SpokenEdit } from './spoken-text.ts'

/** What stands round a match. */
export interface Place {
  /** What stands before it and behind it: at most `CONTEXT_CHARS` of it. */
  readonly before: string
  readonly after: string
  /** The match itself. */
  readonly whole: string
  /** Of the language's tag, in capitals: `US`. `undefined`: the tag has none. */
  readonly region: string | undefined
}

export type Groups = Readonly<Record<string, string | undefined>>

/** One way of writing something and how it is said. */
export interface SpokenRule {
  /** With the flags `g` and `u`, linear, its parts named. Words of a language are looked up, not written in here. */
  readonly pattern: RegExp
  /**
   * How a match is said. `undefined`: it is none, and rules further down may take it. The match itself
   * (`place.whole`): it has more than one reading, and stays as it stands.
   */
  say(groups: Groups, place: Place): string | undefined
  /** It takes nothing in a text without a number, and is not asked about one: most clauses are such. */
  readonly needsFigures?: true
}

export function needingFigures(rules: readonly SpokenRule[]): SpokenRule[] {
  return rules.map((rule) => ({ ...rule, needsFigures: true }))
}

/** So much of the text before and behind a match tells what it is. */
const CONTEXT_CHARS = 32

/**
 * What the rules make of a text, in its order. A rule has what those above it left; `taken` are pieces that are no
 * rule's. A rule goes through the text once, so the time is linear in it.
 */
export function editsOf(
  text: string,
  rules: readonly SpokenRule[],
  { region, taken = [] }: { readonly region: string | undefined; readonly taken?: readonly Span[] },
): SpokenEdit[] {
  if (!/\S/u.test(text)) return []
  const free = new Uint8Array(text.length).fill(1)
  for (const { start, end } of taken) free.fill(0, start, end)
  const edits: SpokenEdit[] = []
  const hasFigures = /\p{N}/u.test(text)
  for (const rule of rules) {
    if (rule.needsFigures && !hasFigures) continue
    for (const match of matchesOf(text, rule.pattern)) {
      const [whole] = match
      const start = match.index
      const end = start + whole.length
      if (whole === '' || free.subarray(start, end).includes(0)) continue
      const place = {
        before: text.slice(Math.max(0, start - CONTEXT_CHARS), start),
        after: text.slice(end, end + CONTEXT_CHARS),
        whole,
        region,
      }
      const spoken = rule.say(match.groups ?? {}, place)
      if (spoken === undefined) continue
      free.fill(0, start, end)
      if (spoken !== whole) edits.push({ start, end, spoken })
    }
  }
  return edits.sort((one, other) => one.start - other.start)
}
