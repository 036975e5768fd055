// @ts-check

const LAST_WORD = /[\p{L}\p{N}'’]+(?=[^\p{L}\p{N}]*$)/u

/**
 * How likely a caller is done who has said this, 0 to 1.
 *
 * @param {string} text
 * @param {ReadonlySet<string>} unfinished
 */
export function howLikelyDone(text, unfinished) {
  const last = LAST_WORD.exec(text)?.[0].toLowerCase()
  // Silence alone says nothing.
  if (last === undefined) return 0.5
  if (unfinished.has(last) || text.trimEnd().endsWith(',')) return 0.1
  return /[.?!]\s*$/u.test(text) ? 0.95 : 0.8
}
