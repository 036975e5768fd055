import { linearExpression } from '../kit/linear-expression.ts'
import { cardIn, cardMayBegin, isGluedCard, joinDigits } from './card-numbers.ts'
import { emailsIn, spokenEmailsIn } from './email-addresses.ts'
import { ibansIn, nationalIdsIn } from './national-ids.ts'
import { onlyAlike } from './alike-digits.ts'
import { type NumberRun, numbersIn, type NumberText, wordsIn } from './number-runs.ts'
import { mayOnlySoundLikeDigits } from './number-words.ts'
import { partedRuns } from './parted-cards.ts'
import { phonesIn } from './phone-numbers.ts'
import { HIDDEN_KEY, type PrivateSpan, type RedactionSettings } from './redaction-settings.ts'
import { replaceSpans } from './replace-spans.ts'
import {
  behindShown,
  digitsBehind,
  type FoundCards,
  type SaidBefore,
  saidCards,
  type SaidDigits,
  whole,
} from './said-cards.ts'

export type { SaidBefore } from './said-cards.ts'

export interface FoundPrivate {
  /** In order, none over another. */
  readonly spans: readonly PrivateSpan[]
  /** What is to be remembered of it for the speaker's next text; as of `SaidBefore`. */
  readonly digits: readonly SaidDigits[]
  readonly alike: readonly SaidDigits[] | undefined
  /** It says nothing of weight: what was said before still goes on. */
  readonly empty: boolean
  /** Since when it is being said what was found, where it began in texts before. */
  readonly sinceMs: number | undefined
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

/** Throws for a pattern that RE2 does not take. */
export function createRedaction(settings: RedactionSettings): Redaction {
  const own = Object.entries(settings.words).map(
    ([kind, pattern]) => [kind, linearExpression(pattern, { ignoreCase: true })] as const,
  )
  const { cards, phones, emails, nationalIds } = settings
  const findOnce: Redaction['find'] = (text, said, secrets) => {
    const reading = { written: said === undefined, sentences: said?.sentences ?? false }
    const words = wordsIn(text)
    const numbers = numbersIn(text, reading, words)
    const alike = mayOnlySoundLikeDigits(text) ? numbersIn(text, { ...reading, alike: true }, words) : numbers
    const readsAlike = alike !== numbers || said?.alike !== undefined
    const found = cards ? cardsIn(text, numbers, said) : NO_CARDS
    const more = cards && readsAlike ? alikeCards(text, alike, said, found.spans) : NO_CARDS
    const spans = [
      ...found.spans,
      ...more.spans,
      ...(secrets && secrets.size > 0 ? secretKeysIn(text, numbers.runs, secrets) : []),
      ...(secrets && secrets.size > 0 && alike !== numbers
        ? secretKeysIn('', alike.runs, longOf(secrets))
        : []),
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
      digits: said === undefined ? [] : digitsBehind(numbers, said),
      alike:
        said && readsAlike ? digitsBehind(alike, { ...said, digits: said.alike ?? said.digits }) : undefined,
      empty,
      sinceMs: earliest(found.sinceMs, more.sinceMs),
    }
  }
  return {
    settings,
    pressed: new Set(),
    find: (text, said, secrets) => findAll(findOnce, text, said, secrets),
  }
}

/** A text has few numbers on both sides of one that is hidden. */
const MOST_PASSES = 4

/** What is hidden parts the numbers on both sides of it, so that more shows: a card behind a telephone number. */
function findAll(
  find: Redaction['find'],
  text: string,
  ...[said, secrets]: [said?: SaidBefore, secrets?: ReadonlySet<string>]
): FoundPrivate {
  const found = find(text, said, secrets)
  let { spans } = found
  for (let pass = 1; spans.length > 0 && pass < MOST_PASSES; pass++) {
    const more = find(hiddenIn(text, spans), said, secrets).spans
    if (more.length === 0) break
    spans = joinSpans([...spans, ...more])
  }
  return spans === found.spans ? found : { ...found, spans }
}

/** The text, as long as it was, with what is hidden as it will be read. */
function hiddenIn(text: string, spans: readonly PrivateSpan[]): string {
  return replaceSpans(text, spans, ({ start, end, kind }) => {
    const length = end - start
    return kind === 'key'
      ? HIDDEN_KEY.repeat(length)
      : `[${'x'.repeat(Math.max(0, length - 2))}]`.slice(0, length)
  })
}

const NO_CARDS: FoundCards = { spans: [], sinceMs: undefined }

function cardsIn(text: string, numbers: NumberText, said: SaidBefore | undefined): FoundCards {
  if (said !== undefined) return saidCards(numbers, said)
  const isCut = text.endsWith('…')
  const spans = numbers.runs.flatMap((run) => writtenCards(run, isCut))
  // A part in each field.
  return {
    spans: HAS_FIELDS.test(text) ? [...spans, ...partedRuns(numbers.runs).flatMap(whole)] : spans,
    sinceMs: undefined,
  }
}

const HAS_FIELDS = /["']\s*:/

/** So long is a group of digits that words part, where some of them only sound like digits. */
const LEAST_ALIKE = 3

/** Where words that only sound like digits are digits: "for one one one". */
function alikeCards(
  text: string,
  alike: NumberText,
  said: SaidBefore | undefined,
  known: readonly PrivateSpan[],
): FoundCards {
  const found = said
    ? saidCards(alike, { ...said, digits: said.alike ?? said.digits }, LEAST_ALIKE)
    : cardsIn(text, alike, undefined)
  const spans = onlyAlike(found.spans, alike.runs, known)
  return { spans, sinceMs: spans.length > 0 ? found.sinceMs : undefined }
}

function earliest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}

/** Shorter ones are in every sentence. */
function longOf(secrets: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...secrets].filter((secret) => secret.length > LEAST_ALIKE))
}

/** Of a text that was cut, the end may be the beginning of one. */
function writtenCards(run: NumberRun, isCut: boolean): PrivateSpan[] {
  const { tokens, open } = run
  const digits = joinDigits(tokens.map((token) => token.digits))
  const card = cardIn(digits, 0, true)
  if (card !== undefined) return [spanOf(tokens, digits.borders, card, 'card')]
  const glued = tokens.filter((token) => isGluedCard(token.digits))
  if (glued.length > 0) return glued.map(({ start, end }) => ({ start, end, kind: 'card' }))
  const mayBegin = isCut && open ? cardMayBegin(digits) : undefined
  return mayBegin === undefined ? [] : behindShown(run, -mayBegin)
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

/** What is hidden already stays as it is, whatever a pattern says. */
const HIDDEN = /\[[a-z][a-z _-]{0,40}\]/g

function inOrder(text: string, spans: PrivateSpan[]): readonly PrivateSpan[] {
  if (spans.length === 0) return spans
  const hidden = text.includes('[') ? [...text.matchAll(HIDDEN)] : []
  const free = spans.filter(
    ({ start, end }) =>
      end > start && !hidden.some(({ index, 0: found }) => start < index + found.length && end > index),
  )
  return joinSpans(free)
}

/** In order; of two that overlap, the first takes the place of both. */
export function joinSpans(spans: readonly PrivateSpan[]): readonly PrivateSpan[] {
  if (spans.length === 0) return spans
  const sorted = spans.toSorted((one, other) => one.start - other.start || other.end - one.end)
  const ordered: PrivateSpan[] = []
  for (const span of sorted) {
    const last = ordered.at(-1)
    if (last === undefined || span.start >= last.end) ordered.push(span)
    else if (span.end > last.end) ordered[ordered.length - 1] = { ...last, end: span.end }
  }
  return ordered
}
