export interface TextPart {
  readonly text: string
  readonly isNumber: boolean
}

/** Digits in groups: phone numbers, dates, times, amounts. A number of one group alone is turned by nothing. */
const GROUPED = /\+?\(?\d+(?:[ \u00a0().\-/:–]{1,2}\d+)+|\+\d+/g

/** A text in parts, so that in a text from the right a number with groups can stand from the left. */
export function numberParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = []
  let at = 0
  for (const { 0: number, index } of text.matchAll(GROUPED)) {
    if (index > at) parts.push({ text: text.slice(at, index), isNumber: false })
    parts.push({ text: number, isNumber: true })
    at = index + number.length
  }
  if (at < text.length) parts.push({ text: text.slice(at), isNumber: false })
  return parts
}
