import { partedCards } from './parted-cards.ts'
import type { Redaction } from './redaction.ts'
import { HIDDEN_KEY, placeholderOf, type PrivateSpan } from './redaction-settings.ts'
import { replaceSpans } from './replace-spans.ts'

/** The text with a word in place of each span. */
export function withoutSpans(text: string, spans: readonly PrivateSpan[]): string {
  return replaceSpans(text, spans, ({ start, end, kind }) =>
    kind === 'key' ? HIDDEN_KEY.repeat(end - start) : placeholderOf(kind),
  )
}

type Told = (kind: string) => void

/** Deeper than anything Kav writes. */
const MOST_DEPTH = 6

/** A value as it may be seen: every text in it, and every number that is a card's. Whatever it holds, it never throws. */
export function redactValue(
  value: unknown,
  redaction: Redaction,
  secrets: ReadonlySet<string>,
  told: Told,
): unknown {
  const parts = redaction.settings.cards && isMany(value) ? partedCards(textsIn(value, 0)) : NO_PARTS
  let at = 0

  /** The texts of a value, in the order of `textsIn`. */
  function shown(item: unknown, depth: number): unknown {
    const text = textOf(item)
    if (text !== undefined) return shownText(item, text, parts.has(at++))
    if (typeof item !== 'object' || item === null) return item
    if (depth > MOST_DEPTH) return '[deep]'
    if (Array.isArray(item)) return item.map((one) => shown(one, depth + 1))
    if (item instanceof Error)
      return redactedError(item, (one) => redactWritten(one, redaction, secrets, told))
    if (!isMap(item)) return item
    return Object.fromEntries(
      Object.entries(item).map(([name, one]) => [
        redactWritten(name, redaction, secrets, told),
        shown(one, depth + 1),
      ]),
    )
  }

  function shownText(item: unknown, text: string, isPart: boolean): unknown {
    if (isPart) {
      told('card')
      return placeholderOf('card')
    }
    if (typeof item !== 'string' && text.length < 3) return item
    const clean = redactWritten(text, redaction, secrets, told)
    return clean === text ? item : clean
  }

  return shown(value, 0)
}

const NO_PARTS: ReadonlySet<number> = new Set()

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined
}

function* textsIn(value: unknown, depth: number): Generator<string> {
  const text = textOf(value)
  if (text !== undefined) yield text
  else if (isMany(value) && depth <= MOST_DEPTH)
    for (const item of Object.values(value)) yield* textsIn(item, depth + 1)
}

function isMany(value: unknown): value is object {
  return typeof value === 'object' && value !== null && (Array.isArray(value) || isMap(value))
}

function isMap(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype && !(value instanceof Error)
}

export function redactWritten(
  text: string,
  redaction: Redaction,
  secrets: ReadonlySet<string>,
  told: Told,
): string {
  const { spans } = redaction.find(text, undefined, secrets)
  if (spans.length === 0) return text
  for (const { kind } of spans) told(kind)
  return withoutSpans(text, spans)
}

/** The same fault, as far as a log line tells it. */
function redactedError(error: Error, clean: (text: string) => string): Error {
  const shown = new Error(clean(String(error.message)))
  shown.name = String(error.name)
  if (typeof error.stack === 'string') shown.stack = clean(error.stack)
  const { code } = error as { code?: unknown }
  return code === undefined ? shown : Object.assign(shown, { code })
}
