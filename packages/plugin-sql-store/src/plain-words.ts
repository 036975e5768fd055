/** Longer than any word; PostgreSQL takes 2,046 bytes. */
const MAX_WORD_CHARS = 64
/** Words of a call that are indexed: some hours of talk. PostgreSQL takes a megabyte of different ones. */
const MAX_WORDS = 50_000

/**
 * The words of a text as both engines index them: letters and digits alone, small, without accents and points. Neither
 * engine has a language of its own then, and both find the same.
 */
export function plainWords(text: string): readonly string[] {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? []
  return words.slice(0, MAX_WORDS).map((word) => word.slice(0, MAX_WORD_CHARS))
}
