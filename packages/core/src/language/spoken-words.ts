/**
 * Words of a recognised text in small letters, without punctuation; hyphens part words, while `10:30`, `3.50`,
 * `it's` and `ז"א` are one word each. Curly quotes and Hebrew marks are written as straight ones.
 */
export function spokenWords(text: string): readonly string[] {
  const plain = text.toLowerCase().replace(/[’‘׳]/gu, "'").replace(/[“”״]/gu, '"')
  return plain.match(/'?[\p{L}\p{M}\p{N}]+(?:['".:,/][\p{L}\p{M}\p{N}]+)*/gu) ?? []
}

/** Phrases that can be looked for at the end of an utterance. */
export interface PhraseSet {
  /** Whether the last words are one of the phrases. */
  isEndOf(words: readonly string[]): boolean
  /** Whether the first words are one of the phrases. */
  isStartOf(words: readonly string[]): boolean
  has(words: readonly string[]): boolean
}

export function createPhraseSet(phrases: readonly string[]): PhraseSet {
  const joined = new Set(phrases.map((phrase) => spokenWords(phrase).join(' ')))
  const longest = Math.max(0, ...[...joined].map((phrase) => phrase.split(' ').length))
  return {
    has: (words) => joined.has(words.join(' ')),
    isStartOf(words) {
      for (let count = Math.min(longest, words.length); count > 0; count--) {
        if (joined.has(words.slice(0, count).join(' '))) return true
      }
      return false
    },
    isEndOf(words) {
      for (let count = Math.min(longest, words.length); count > 0; count--) {
        if (joined.has(words.slice(-count).join(' '))) return true
      }
      return false
    },
  }
}
