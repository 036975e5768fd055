import {
  cardIn,
  cardMayBegin,
  isKnownCard,
  mayFollowCard,
  joinDigits,
  lengthOfCard,
  looksLikeCard,
  SHOWN_DIGITS,
} from './card-numbers.ts'
import { isRange } from './alike-digits.ts'
import { MOST_BETWEEN } from './number-gaps.ts'
import type { NumberRun, NumberText } from './number-runs.ts'
import type { PrivateSpan } from './redaction-settings.ts'

/** A group of digits that was said, since when, and how many words came behind it. */
export interface SaidDigits {
  readonly digits: readonly string[]
  readonly wordsBehind: number
  readonly sinceMs: number
}

/** What a speaker said before, as far as it matters to what comes now. */
export interface SaidBefore {
  /** Groups of digits, the last ones: the number may go on, also behind a word or two. */
  readonly digits: readonly SaidDigits[]
  /**
   * The same with words that only sound like digits ("for", "to"), which are in every sentence. Absent: there were none.
   */
  readonly alike?: readonly SaidDigits[] | undefined
  /** A card number was said just now: what follows may be its date and its code. */
  readonly card: boolean
  /** The end of a sentence ends a number: so agents write, and recognisers do not. */
  readonly sentences: boolean
  /** Since when the text is being said. */
  readonly sinceMs: number
  /** Since when a part of it is, where that is known. */
  readonly sinceOf?: ((part: Pick<PrivateSpan, 'start' | 'end'>) => number | undefined) | undefined
}

export interface FoundCards {
  readonly spans: readonly PrivateSpan[]
  /** Since when it is being said what was found, some of it in texts before; absent: in this text alone. */
  readonly sinceMs: number | undefined
}

/** So many groups are looked at together: a card is said in four or five, with words between them. */
const MOST_GROUPS = 6
/** A number that a card follows at once is a short one. */
const MOST_IN_FRONT = 2
/** A short tail is enough: no card is longer. */
const TAIL_DIGITS = 19

export interface DigitGroup {
  readonly digits: readonly string[]
  /** Words between it and the one before. */
  readonly wordsBefore: number
}

/** A group of digits, said before or in this text. */
interface Group extends DigitGroup {
  readonly sinceMs: number
  /** Absent: of a text before. */
  readonly run: NumberRun | undefined
}

/**
 * Cards in what somebody says, some of which they may have said before. `leastGroup`: so many digits are a group of
 * their own, where words part them.
 */
export function saidCards({ runs }: NumberText, said: SaidBefore, leastGroup = 1): FoundCards {
  const groups = groupsOf(runs, said)
  const connected = groups.flatMap(({ run }, at) => (run ? [connectedCard(groups, at, run, said.card)] : []))
  // Of two spans with one beginning the first is shown, and a card is more than digits.
  const found = [...brokenCards(groups, leastGroup), ...connected]
  const times = found.flatMap(({ sinceMs }) => (sinceMs === undefined ? [] : [sinceMs]))
  return {
    spans: found.flatMap(({ spans }) => spans),
    sinceMs: times.length === 0 ? undefined : Math.min(...times),
  }
}

/** What is remembered of a text for the next one. */
export function digitsBehind({ runs, wordsBehind }: NumberText, said: SaidBefore): readonly SaidDigits[] {
  const all: SaidDigits[] = []
  for (const { digits, wordsBefore, sinceMs } of groupsOf(runs, said)) {
    const last = all.at(-1)
    if (last && wordsBefore === 0)
      all[all.length - 1] = { ...last, digits: lastOf([...last.digits, ...digits]) }
    else {
      if (last) all[all.length - 1] = { ...last, wordsBehind: wordsBefore }
      all.push({ digits: lastOf(digits), wordsBehind: 0, sinceMs })
    }
  }
  const last = all.at(-1)
  if (!last) return all
  const behind = wordsBehind + (runs.length === 0 ? (said.digits.at(-1)?.wordsBehind ?? 0) : 0)
  all[all.length - 1] = { ...last, wordsBehind: behind }
  const apart = all.findLastIndex((group) => group.wordsBehind > MOST_BETWEEN)
  return all.slice(apart + 1).slice(-MOST_GROUPS)
}

/** The tokens at the end that hold so many digits. */
function lastOf(digits: readonly string[], most = TAIL_DIGITS): readonly string[] {
  let first = digits.length
  let length = 0
  while (first > 0 && length + digits[first - 1]!.length <= most) length += digits[--first]!.length
  if (first === digits.length && first > 0) return [digits.at(-1)!.slice(-most)]
  return first === 0 ? digits : digits.slice(first)
}

function groupsOf(runs: readonly NumberRun[], said: SaidBefore): readonly Group[] {
  const before = said.digits.map(({ digits, sinceMs }, at): Group => {
    return { digits, wordsBefore: said.digits[at - 1]?.wordsBehind ?? 0, sinceMs, run: undefined }
  })
  const own = runs.map((run, at): Group => {
    const wordsBefore = run.wordsBefore + (at === 0 ? (said.digits.at(-1)?.wordsBehind ?? 0) : 0)
    const part = { start: run.tokens[0]!.start, end: run.tokens.at(-1)!.end }
    const sinceMs = said.sinceOf?.(part) ?? said.sinceMs
    return { digits: run.tokens.map(({ digits }) => digits), wordsBefore, sinceMs, run }
  })
  return [...before, ...own]
}

/** Of one group, and those to which it is joined without a word. */
function connectedCard(
  groups: readonly Group[],
  at: number,
  run: NumberRun,
  cardJustSaid: boolean,
): FoundCards {
  let first = at
  while (first > 0 && groups[first]!.wordsBefore === 0 && at - first < TAIL_DIGITS) first--
  const before = lastOf(groups.slice(first, at).flatMap(({ digits }) => lastOf(digits)))
  const digits = joinDigits([...before, ...groups[at]!.digits])
  const from = before.join('').length
  const card = cardIn(digits, from, false)
  if (card !== undefined)
    return { spans: whole(run), sinceMs: card.from < from ? groups[first]!.sinceMs : undefined }
  const none = { spans: [], sinceMs: undefined }
  const length = digits.all.length - from
  if (cardJustSaid && length >= 3 && length <= 4) return { ...none, spans: whole(run) }
  // What only sounds like digits must be a card, where it may be something else.
  if (isRange(run)) return none
  if (looksLikeCard(digits.all)) return { ...none, spans: behindShown(run, from) }
  // Agents write groups in sentences of their own, but a digit or two there are another number.
  const goesOn = run.open || (first < at && length >= 3)
  const mayBegin = goesOn ? cardMayBegin(digits) : undefined
  return mayBegin === undefined ? none : { ...none, spans: behindShown(run, from - mayBegin) }
}

/** All of the run: behind the number stand its date and its code. */
export function whole({ tokens }: NumberRun): PrivateSpan[] {
  return [{ start: tokens[0]!.start, end: tokens.at(-1)!.end, kind: 'card' }]
}

/**
 * Cards that words break: "4111 1111, please, 1111 1111". Numbers are near each other everywhere, so it must be a
 * card as most people have one, from the beginning of a number to the end of one, but for its date and code.
 */
function* brokenCards(groups: readonly Group[], leastGroup: number): Generator<FoundCards> {
  for (const { first, last, skipped } of cardsInGroups(groups, leastGroup)) {
    const within = groups.slice(first, last + 1)
    const spans = within.flatMap(({ run }, at) => (run ? behind(run, at === 0 ? skipped : 0) : []))
    const { sinceMs, run } = within[0]!
    if (spans.length > 0) yield { spans, sinceMs: run ? undefined : sinceMs }
  }
}

/** Cards from a group to another one, behind so many tokens of the first. */
export function* cardsInGroups(
  groups: readonly DigitGroup[],
  leastGroup = 1,
): Generator<{ readonly first: number; readonly last: number; readonly skipped: number }> {
  if (groups.length < 2) return
  for (const [first, { digits }] of groups.entries()) {
    let before = 0
    for (
      let skipped = 0;
      skipped < digits.length && before <= MOST_IN_FRONT;
      before += digits[skipped++]!.length
    ) {
      const last = endOfBroken(groups, first, skipped, leastGroup)
      if (last !== undefined) yield { first, last, skipped }
    }
  }
}

function behind({ tokens }: NumberRun, skipped: number): PrivateSpan[] {
  return [{ start: tokens[skipped]!.start, end: tokens.at(-1)!.end, kind: 'card' }]
}

/** The last group of a card that begins in this one, behind so many tokens; `undefined`: none does, or it ends here. */
function endOfBroken(
  groups: readonly DigitGroup[],
  first: number,
  skipped: number,
  leastGroup: number,
): number | undefined {
  let all = groups[first]!.digits.slice(skipped).join('')
  let length = lengthOfCard(all)
  const isNone = (): boolean => length === undefined && all.length >= MOST_OF_BEGIN
  if (isNone() || all.length < leastGroup || all.length >= (length ?? Infinity)) return undefined
  let words = 0
  for (let at = first + 1; at < groups.length && at - first < TAIL_DIGITS; at++) {
    const { digits, wordsBefore } = groups[at]!
    words += wordsBefore
    if (words > MOST_BETWEEN || (words > 0 && all.length < 2 && leastGroup > 0)) return undefined
    // One by itself is no group of a card: "the last four are".
    const isSingle = digits.length === 1 && digits[0]!.length === 1
    if (words > 0 && leastGroup > 0 && (isSingle || digits.join('').length < leastGroup)) continue
    words = 0
    all += digits.length > TAIL_DIGITS ? digits.slice(0, TAIL_DIGITS + 1).join('') : digits.join('')
    length ??= lengthOfCard(all)
    if (isNone()) return undefined
    if (length === undefined || all.length < length) continue
    return isKnownCard(all.slice(0, length)) && mayFollowCard(all.slice(length)) ? at : undefined
  }
  return undefined
}

/** So many digits tell whether a card begins with them. */
const MOST_OF_BEGIN = 4

/** What stands behind the first digits of a number of which so many were said before. */
export function behindShown({ tokens }: NumberRun, before: number): PrivateSpan[] {
  let shown = SHOWN_DIGITS - before
  for (const { start, end, digits } of tokens) {
    if (digits.length > shown) {
      // A word is one piece.
      const kept = end - start === digits.length ? Math.max(0, shown) : 0
      return [{ start: start + kept, end: tokens.at(-1)!.end, kind: 'digits' }]
    }
    shown -= digits.length
  }
  return []
}
