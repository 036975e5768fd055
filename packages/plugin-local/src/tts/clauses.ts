/** A clause longer than this is cut at a comma as well: the engine speaks only when it has all of it. */
const LONG_CLAUSE_LETTERS = 120

/**
 * Cuts text into pieces that are spoken one after the other, so that the first is heard while the next is made:
 * after `.`, `!`, `?`, `;` and `:` at a word's end, and after commas where a piece would be long. Joined they are
 * the text, white space apart.
 */
export function splitClauses(text: string): string[] {
  const sentences = text.split(/(?<=[.!?;:…]["')\]]*)\s+/u)
  return sentences
    .flatMap((sentence) => (sentence.length > LONG_CLAUSE_LETTERS ? splitAtCommas(sentence) : [sentence]))
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece))
}

function splitAtCommas(sentence: string): string[] {
  const pieces: string[] = []
  for (const part of sentence.split(/(?<=,)\s+/u)) {
    const last = pieces.at(-1)
    if (last !== undefined && last.length + part.length < LONG_CLAUSE_LETTERS / 2) {
      pieces[pieces.length - 1] = `${last} ${part}`
    } else {
      pieces.push(part)
    }
  }
  return pieces
}
