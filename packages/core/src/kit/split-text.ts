/** Ends of sentences, clauses and words, best place to cut first. */
const BORDERS = [/[.!?…]["”'’)]*\s/g, /[,;:–—]\s/g, /\s/g]

/** `text` in pieces of at most `maxChars`, cut after a sentence where there is one, else a clause, else a word. */
export function splitText(text: string, maxChars: number): string[] {
  const pieces: string[] = []
  let rest = text.trim()
  while (rest.length > maxChars) {
    const end = lastBorder(rest, maxChars)
    pieces.push(rest.slice(0, end).trim())
    rest = rest.slice(end).trim()
  }
  if (rest !== '') pieces.push(rest)
  return pieces
}

function lastBorder(text: string, maxChars: number): number {
  const head = text.slice(0, maxChars + 1)
  for (const border of BORDERS) {
    let end = 0
    for (const match of head.matchAll(border)) end = match.index + match[0].length
    if (end > 0) return end
  }
  // One endless word; a surrogate pair stays whole.
  return /[\uD800-\uDBFF]/.test(text[maxChars - 1]!) ? maxChars - 1 : maxChars
}

/** Whether there is anything to say: a letter or a digit of any script. Services refuse a text without, or stay silent. */
export function isSayable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text)
}
