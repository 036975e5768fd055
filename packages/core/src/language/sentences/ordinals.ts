import { GERMAN_COUNTED, GERMAN_DETERMINERS } from './tables/de.ts'
import { wordsIn } from './tables/words-in.ts'

const DETERMINERS: ReadonlySet<string> = new Set(wordsIn(GERMAN_DETERMINERS))
const COUNTED: ReadonlySet<string> = new Set(wordsIn(GERMAN_COUNTED))

/**
 * Whether a number and a full stop between `before` and the word `next` (in small letters) may be an ordinal, as
 * German writes it: `im 3. Stock`, `Hauptstraße 5, 2. Etage`.
 */
export function isOrdinal(before: string, next: string): boolean {
  if (COUNTED.has(next)) return true
  const words = before.slice(-MAX_CHARS).trimEnd().split(/\s+/u)
  const last = words.at(-1)!
  // "I am 20."
  if (last === 'am' && words.at(-2) === 'I') return false
  return DETERMINERS.has(last.toLowerCase())
}

/** Two words of this many characters are looked at. */
const MAX_CHARS = 24
