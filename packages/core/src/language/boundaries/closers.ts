import { isCloser, isEmoji, isNewline, isSpace } from './clause-marks.ts'
import { characterOf, type HeldText } from './held-text.ts'

/** Past the quotes, brackets and emoji behind a mark; `undefined`: their end is not known yet. */
export function closersEnd(held: HeldText, from: number): number | undefined {
  const { text } = held
  let at = from
  for (;;) {
    const char = characterOf(held, at)
    if (char === undefined || char === '') return char === undefined ? undefined : at
    if (isCloser(char) || isEmoji(char)) at += char.length
    else if (isSpace(char) && !isNewline(char) && isFrenchQuoteOpen(text, from)) {
      const next = text[at + 1]
      if (next === undefined && !held.ended) return undefined
      if (next !== '»') return at
      at += 2
    } else return at
  }
}

/** French puts a space before the closing quote. */
function isFrenchQuoteOpen(text: string, at: number): boolean {
  return text.lastIndexOf('«', at) > text.lastIndexOf('»', at)
}
