/** No direction, placeholder or inline formula is longer than this; what is open for longer is an ordinary bracket. */
const MAX_MARK_CHARS = 62

const CLOSING: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '<': '>',
  '（': '）',
  '*': '*',
  $: '$',
}

/**
 * Whether a mark that opened shortly before `end` is still open: a stage direction, a placeholder, a tag, a formula.
 * Torn in two, neither half would be known for what it is, and both would be spoken.
 */
export function isInsideMark(text: string, end: number): boolean {
  let close = ''
  for (let at = Math.max(0, end - MAX_MARK_CHARS); at < end; at++) {
    const char = text[at]!
    if (close !== '') {
      if (char === close) close = ''
    } else if (opensMark(text, at, end)) close = CLOSING[char]!
  }
  return close !== ''
}

/** An opening mark stands before what it marks: "3 < 5", "5 * 3", "$5" and ":(" open nothing. */
function opensMark(text: string, at: number, end: number): boolean {
  const char = text[at]!
  if (!Object.hasOwn(CLOSING, char) || at + 1 >= end) return false
  const rest = text.slice(at + 1, Math.min(at + 2, end))
  if (char === '<') return /[\p{L}/!|｜]/u.test(rest)
  if (char === '*') return /\p{L}/u.test(rest) && !/[\p{L}\p{N}*]/u.test(text[at - 1] ?? '')
  if (char === '$') return /[\p{L}\\({]/u.test(rest) && !/[\p{L}\p{N}$]/u.test(text[at - 1] ?? '')
  return !/\s/u.test(rest)
}
