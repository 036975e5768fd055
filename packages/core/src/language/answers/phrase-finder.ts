/** Finds phrases of a list among words; linear in both. */
export interface PhraseFinder {
  isIn(words: readonly string[]): boolean
  isEndOf(words: readonly string[]): boolean
  /** The words behind the longest phrase that they begin with; all of them when there is none. */
  behindStart(words: readonly string[]): readonly string[]
}

export function createPhraseFinder(phrases: readonly string[]): PhraseFinder {
  const known = new Set(phrases)
  const longest = Math.max(0, ...phrases.map((phrase) => phrase.split(' ').length))

  /** Length in words of the longest phrase at that place; 0: none. */
  function lengthAt(words: readonly string[], start: number): number {
    for (let length = Math.min(longest, words.length - start); length > 0; length--) {
      if (known.has(words.slice(start, start + length).join(' '))) return length
    }
    return 0
  }

  return {
    isIn: (words) => words.some((_, index) => lengthAt(words, index) > 0),
    isEndOf(words) {
      for (let length = Math.min(longest, words.length); length > 0; length--) {
        if (known.has(words.slice(-length).join(' '))) return true
      }
      return false
    },
    behindStart: (words) => words.slice(lengthAt(words, 0)),
  }
}
