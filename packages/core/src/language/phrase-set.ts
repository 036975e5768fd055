import { spokenWords } from './spoken-words.ts'

/** Phrases that can be looked for among the words of an utterance. */
export interface PhraseSet {
  /** Whether the words are one of the phrases, all of them. */
  has(words: readonly string[]): boolean
  isIn(words: readonly string[]): boolean
  isStartOf(words: readonly string[]): boolean
  isEndOf(words: readonly string[]): boolean
  /** The words behind the longest phrase that they begin with; all of them where there is none. */
  behindStart(words: readonly string[]): readonly string[]
}

export function createPhraseSet(phrases: readonly string[]): PhraseSet {
  const joined = new Set(phrases.map((phrase) => spokenWords(phrase).join(' ')))
  const longest = Math.max(0, ...[...joined].map((phrase) => phrase.split(' ').length))

  /** Length in words of the longest phrase that begins there; 0: none does. */
  function lengthAt(words: readonly string[], start: number): number {
    for (let length = Math.min(longest, words.length - start); length > 0; length--) {
      if (joined.has(words.slice(start, start + length).join(' '))) return length
    }
    return 0
  }

  return {
    has: (words) => joined.has(words.join(' ')),
    isIn: (words) => words.some((_, index) => lengthAt(words, index) > 0),
    isStartOf: (words) => lengthAt(words, 0) > 0,
    isEndOf(words) {
      for (let length = Math.min(longest, words.length); length > 0; length--) {
        if (joined.has(words.slice(-length).join(' '))) return true
      }
      return false
    },
    behindStart: (words) => words.slice(lengthAt(words, 0)),
  }
}

/** Phrases between commas, as the word lists are written. */
export function phrasesOf(list: string): readonly string[] {
  return list.split(',').map((phrase) => phrase.trim().replace(/\s+/gu, ' '))
}
