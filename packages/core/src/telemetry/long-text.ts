/** A text of which a part is told. */
export interface LongText {
  /** Its field among what is private of the event. */
  readonly name: string
  readonly text: string
  /** What is beyond ends in `…`. */
  readonly maxChars: number
}

/** What is private and ends beyond what is told is looked at so far, or its beginning would not be known for it. */
const BEYOND_CHARS = 500

/** So much of it as has to be looked at. */
export function lookedAt({ text, maxChars }: LongText): string {
  return text.slice(0, maxChars + BEYOND_CHARS)
}

/** What is told of it. `clean`: what was looked at, without what is private. */
export function toldOf({ text, maxChars }: LongText, clean: string): string {
  const isWhole = text.length <= maxChars + BEYOND_CHARS
  if (isWhole && clean.length <= maxChars) return clean
  // At the very end may stand half of something private.
  const known = isWhole ? clean : clean.slice(0, -BEYOND_CHARS)
  return `${known.slice(0, maxChars - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
