/** Comparing and joining what a recogniser said. Pure. */

/** Words alone: case, punctuation and spacing do not make a difference. */
export function wordsOf(text: string): readonly string[] {
  return text
    .toLocaleLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}'’]+/gu, ' ')
    .trim()
    .split(' ')
    .filter((word) => word !== '')
}

export function sameWords(a: string, b: string): boolean {
  return wordsOf(a).join(' ') === wordsOf(b).join(' ')
}

export function joinText(...parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ')
}

/**
 * What `text` adds to `answered`, when a recogniser goes on with a segment whose beginning was answered already.
 * The beginning may have been revised, so half of its words in place are enough to know it again.
 */
export function textAfter(answered: string, text: string): string {
  const known = wordsOf(answered)
  if (known.length === 0) return text.trim()
  const spoken = text.trim().split(/\s+/u)
  const words = spoken.map((word) => wordsOf(word).join(' '))
  const matching = known.filter((word, index) => words[index] === word).length
  return matching * 2 < known.length ? text.trim() : spoken.slice(known.length).join(' ')
}
