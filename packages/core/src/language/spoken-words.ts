/**
 * Words of a recognised text in small letters, without punctuation; hyphens part words, while `10:30`, `3.50`,
 * `it's` and `ז"א` are one word each. Curly quotes and Hebrew marks are written as straight ones.
 */
export function spokenWords(text: string): readonly string[] {
  const plain = text.toLowerCase().replace(/[’‘׳]/gu, "'").replace(/[“”״]/gu, '"')
  return plain.match(/'?[\p{L}\p{M}\p{N}]+(?:['".:,/][\p{L}\p{M}\p{N}]+)*/gu) ?? []
}
