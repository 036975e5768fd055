import type { Redaction } from './redaction.ts'
import { HIDDEN_KEY, placeholderOf, type PrivateSpan } from './redaction-settings.ts'

/** The text with a word in place of each span. */
export function withoutSpans(text: string, spans: readonly PrivateSpan[]): string {
  let shown = ''
  let at = 0
  for (const { start, end, kind } of spans) {
    shown += text.slice(at, start)
    shown += kind === 'key' ? HIDDEN_KEY.repeat(end - start) : placeholderOf(kind)
    at = end
  }
  return shown + text.slice(at)
}

type Told = (kind: string) => void

/** A value as it may be seen: every text in it, and every number that is a card's. Whatever it holds, it never throws. */
export function redactValue(
  value: unknown,
  redaction: Redaction,
  secrets: ReadonlySet<string>,
  told: Told,
  depth = 0,
): unknown {
  if (typeof value === 'string') return redactWritten(value, redaction, secrets, told)
  if (typeof value === 'number' || typeof value === 'bigint') {
    const text = String(value)
    const shown = text.length < 3 ? text : redactWritten(text, redaction, secrets, told)
    return shown === text ? value : shown
  }
  if (typeof value !== 'object' || value === null) return value
  // Deeper than anything Kav writes.
  if (depth > 6) return '[deep]'
  if (Array.isArray(value)) return value.map((item) => redactValue(item, redaction, secrets, told, depth + 1))
  if (value instanceof Error)
    return redactedError(value, (text) => redactWritten(text, redaction, secrets, told))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      redactWritten(name, redaction, secrets, told),
      redactValue(item, redaction, secrets, told, depth + 1),
    ]),
  )
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
