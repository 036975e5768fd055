export interface HeardText {
  readonly heard: string
  /** Said, or about to be, and not heard. */
  readonly unheard: string
}

const SPACE = /\s/

/**
 * Takes what the agent said apart into what the caller heard of it and the rest.
 * @param heard its beginning, of which spaces may differ; `undefined`: all of it
 */
export function splitHeard(text: string, heard: string | undefined): HeardText {
  if (heard === undefined) return { heard: text, unheard: '' }
  let at = 0
  for (const character of heard) {
    if (SPACE.test(character)) continue
    while (at < text.length && SPACE.test(text[at]!)) at++
    if (!text.startsWith(character, at)) break
    at += character.length
  }
  return splitAt(text, at)
}

/** The same, of a number of characters as the playout clock has them: a word is heard when its end is. */
export function splitHeardChars(text: string, chars: number): HeardText {
  if (chars >= text.length) return { heard: text, unheard: '' }
  let at = Math.max(0, chars)
  while (at > 0 && !SPACE.test(text[at]!) && !SPACE.test(text[at - 1]!)) at--
  return splitAt(text, at)
}

function splitAt(text: string, at: number): HeardText {
  return { heard: text.slice(0, at).trimEnd(), unheard: text.slice(at).trimStart() }
}
