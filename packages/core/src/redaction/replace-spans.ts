import type { PrivateSpan } from './redaction-settings.ts'

/** The text with something else in place of each span; spans as `FoundPrivate` has them. */
export function replaceSpans(
  text: string,
  spans: readonly PrivateSpan[],
  standsFor: (span: PrivateSpan) => string,
): string {
  let shown = ''
  let at = 0
  for (const span of spans) {
    shown += text.slice(at, span.start) + standsFor(span)
    at = span.end
  }
  return shown + text.slice(at)
}
