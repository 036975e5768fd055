export interface TextPart {
  readonly text: string
  readonly isNumber: boolean
}

/** What a number can be made of. */
const RUN = /[+(\d][\d \u00a0().\-/:–]*/g
const GROUP = /\d+/g

/**
 * A text in parts, so that in a text from the right a number with groups (a phone number, a date, a time) can stand from
 * the left. A number of one group alone is turned by nothing.
 */
export function numberParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = []
  let at = 0
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const groups = [...run.matchAll(GROUP)]
    const last = groups.at(-1)
    if (last === undefined || (groups.length < 2 && !run.startsWith('+'))) continue
    const number = run.slice(0, last.index + last[0].length)
    if (index > at) parts.push({ text: text.slice(at, index), isNumber: false })
    parts.push({ text: number, isNumber: true })
    at = index + number.length
  }
  if (at < text.length) parts.push({ text: text.slice(at), isNumber: false })
  return parts
}
