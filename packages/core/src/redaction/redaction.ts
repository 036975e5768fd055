import { linearExpression } from '../kit/linear-expression.ts'
import { cardIn, joinDigits, looksLikeCard, mayBecomeCard, SHOWN_DIGITS } from './card-numbers.ts'
import { emailsIn, spokenEmailsIn } from './email-addresses.ts'
import { ibansIn, nationalIdsIn } from './national-ids.ts'
import { type NumberRun, numbersIn, type NumberText } from './number-runs.ts'
import { phonesIn } from './phone-numbers.ts'
import { type PrivateSpan, type RedactionSettings } from './redaction-settings.ts'

/** What a speaker said before, as far as it matters to what comes now. */
export interface SaidBefore {
  /** Digits with which it ended, as they were said: the number may go on. */
  readonly digits: readonly string[]
  /** A card number was said just now: what follows may be its date and its code. */
  readonly card: boolean
  /** The end of a sentence ends a number: so agents write, and recognisers do not. */
  readonly sentences: boolean
}

export interface FoundPrivate {
  /** In order, none over another. */
  readonly spans: readonly PrivateSpan[]
  /** With what the text ends, and what was said before it. */
  readonly digits: readonly string[]
  /** It says nothing of weight: what was said before still goes on. */
  readonly empty: boolean
  /** What was said before is a part of what was found. */
  readonly withBefore: boolean
}

/** What a pipeline hides of its calls' texts. Made once. */
export interface Redaction {
  readonly settings: RedactionSettings
  /** Secret entries of its last calls: for lines that are of no call, and may repeat one. */
  readonly pressed: Set<string>
  /**
   * `said`: the text is one of a speaker's, after these. Absent: it was written (a tool's answer, an error).
   * `secrets`: entries of keys that may not be seen.
   */
  find(text: string, said?: SaidBefore, secrets?: ReadonlySet<string>): FoundPrivate
}

/** A short tail is enough: no card is longer. */
const TAIL_DIGITS = 19

/** Throws for a pattern that RE2 does not take. */
export function createRedaction(settings: RedactionSettings): Redaction {
  const own = Object.entries(settings.words).map(
    ([kind, pattern]) => [kind, linearExpression(pattern, { ignoreCase: true })] as const,
  )
  const { cards, phones, emails, nationalIds } = settings
  return {
    settings,
    pressed: new Set(),
    find(text, said, secrets) {
      const reading = { written: said === undefined, sentences: said?.sentences ?? false }
      const numbers = numbersIn(text, reading)
      const found = cards ? cardsIn(text, numbers, said) : NO_CARDS
      const spans = [
        ...found.spans,
        ...(secrets && secrets.size > 0 ? secretKeysIn(text, numbers.runs, secrets) : []),
        ...(emails ? [...emailsIn(text), ...spokenEmailsIn(text)] : []),
        ...(nationalIds ? [...ibansIn(text), ...nationalIdsIn(text, numbers.runs)] : []),
        ...(phones ? phonesIn(text, numbers.runs) : []),
        ...own.flatMap(([kind, expression]) =>
          expression.spansIn(text).map(([start, end]) => ({ start, end, kind })),
        ),
      ]
      const { empty } = numbers
      return {
        spans: inOrder(text, spans),
        digits: said === undefined ? [] : tailOf(numbers, said),
        empty,
        withBefore: found.withBefore,
      }
    },
  }
}

interface FoundCards {
  readonly spans: readonly PrivateSpan[]
  readonly withBefore: boolean
}

const NO_CARDS: FoundCards = { spans: [], withBefore: false }

function cardsIn(text: string, { runs }: NumberText, said: SaidBefore | undefined): FoundCards {
  const isCut = text.endsWith('…')
  const found = runs.map((run, index) =>
    said === undefined
      ? { spans: writtenCards(run, isCut), withBefore: false }
      : saidCard(run, index === 0 ? said.digits : [], said.card),
  )
  return {
    spans: found.flatMap(({ spans }) => spans),
    withBefore: found.some(({ withBefore }) => withBefore),
  }
}

/** Of a text that was cut, the end may be the beginning of one. */
function writtenCards(run: NumberRun, isCut: boolean): PrivateSpan[] {
  const { tokens, open } = run
  const digits = joinDigits(tokens.map((token) => token.digits))
  const card = cardIn(digits, 0, true)
  if (card === undefined) return isCut && open && mayBecomeCard(digits.all) ? behindShown(run, 0) : []
  return [spanOf(tokens, digits.borders, card, 'card')]
}

/** All of the run: behind the number stand its date and its code. */
function saidCard(run: NumberRun, before: readonly string[], cardJustSaid: boolean): FoundCards {
  const { tokens, open } = run
  const own = tokens.map((token) => token.digits)
  const digits = joinDigits([...before, ...own])
  const from = digits.all.length - own.join('').length
  const whole = (kind: string): PrivateSpan[] => [{ start: tokens[0]!.start, end: tokens.at(-1)!.end, kind }]
  const card = cardIn(digits, from, false)
  if (card !== undefined) return { spans: whole('card'), withBefore: card.from < from }
  const length = digits.all.length - from
  if (cardJustSaid && length >= 3 && length <= 4) return { spans: whole('card'), withBefore: false }
  if (looksLikeCard(digits.all)) return { spans: behindShown(run, from), withBefore: false }
  return { spans: open && mayBecomeCard(digits.all) ? behindShown(run, from) : [], withBefore: false }
}

/** What stands behind the first digits of a number of which so many were said before. */
function behindShown({ tokens }: NumberRun, before: number): PrivateSpan[] {
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

function spanOf(
  tokens: NumberRun['tokens'],
  borders: readonly number[],
  { from, to }: { from: number; to: number },
  kind: string,
): PrivateSpan {
  const first = tokens.findIndex((_token, index) => borders[index + 1]! > from)
  const last = tokens.findLastIndex((_token, index) => borders[index]! < to)
  return { start: tokens[first]!.start, end: tokens[last]!.end, kind }
}

/** Entries of keys, as they were pressed, read out or repeated by the agent. */
function secretKeysIn(text: string, runs: readonly NumberRun[], secrets: ReadonlySet<string>): PrivateSpan[] {
  const found: PrivateSpan[] = []
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + secret.length)) {
      const end = at + secret.length
      if (!/[0-9]/.test(text.charAt(at - 1) + text.charAt(end))) found.push({ start: at, end, kind: 'key' })
    }
  }
  for (const { tokens } of runs) {
    for (let first = 0; first < tokens.length; first++) {
      let digits = ''
      for (let last = first; last < tokens.length && digits.length <= 64; last++) {
        digits += tokens[last]!.digits
        if (secrets.has(digits))
          found.push({ start: tokens[first]!.start, end: tokens[last]!.end, kind: 'key' })
      }
    }
  }
  return found
}

function tailOf({ runs, empty }: NumberText, said: SaidBefore): readonly string[] {
  const last = runs.at(-1)
  if (last === undefined) return empty ? said.digits : []
  if (!last.open) return []
  const own = last.tokens.map(({ digits }) => digits)
  const all = runs.length === 1 ? [...said.digits, ...own] : own
  let length = all.join('').length
  while (length > TAIL_DIGITS && all.length > 1) length -= all.shift()!.length
  return length > TAIL_DIGITS ? [all[0]!.slice(-TAIL_DIGITS)] : all
}

/** What is hidden already stays as it is, whatever a pattern says. */
const HIDDEN = /\[[a-z][a-z _-]{0,40}\]/g

function inOrder(text: string, spans: PrivateSpan[]): readonly PrivateSpan[] {
  if (spans.length === 0) return spans
  const hidden = text.includes('[') ? [...text.matchAll(HIDDEN)] : []
  const free = spans.filter(
    ({ start, end }) =>
      end > start && !hidden.some(({ index, 0: found }) => start < index + found.length && end > index),
  )
  // Of two that overlap, the first takes the place of both.
  free.sort((one, other) => one.start - other.start || other.end - one.end)
  const ordered: PrivateSpan[] = []
  for (const span of free) {
    const last = ordered.at(-1)
    if (last === undefined || span.start >= last.end) ordered.push(span)
    else if (span.end > last.end) ordered[ordered.length - 1] = { ...last, end: span.end }
  }
  return ordered
}
