import { isSayable } from '@kav/core/kit'

/** Bytes of text or SSML one request takes (docs "Quotas and limits"). A Hebrew letter is two. */
export const MAX_INPUT_BYTES = 5000

const SENTENCE_END = /[.!?…。！？׃]["'”’»)\]]*\s/gu
const SPACE = /\s/gu

/** Text in pieces under the limit, cut after a sentence where one ends, otherwise at a space, otherwise anywhere. */
export function splitText(text: string, maxBytes: number = MAX_INPUT_BYTES): string[] {
  const pieces: string[] = []
  let rest = text.trim()
  while (Buffer.byteLength(rest) > maxBytes) {
    const fitting = longestPrefix(rest, maxBytes)
    const cut = lastEnd(fitting, SENTENCE_END) ?? lastEnd(fitting, SPACE) ?? fitting.length
    pieces.push(rest.slice(0, cut).trim())
    rest = rest.slice(cut).trim()
  }
  pieces.push(rest)
  return pieces.filter(isSayable)
}

/** The longest prefix of whole code points that fits. */
function longestPrefix(text: string, maxBytes: number): string {
  let bytes = 0
  let end = 0
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxBytes) break
    end += character.length
  }
  return text.slice(0, end)
}

function lastEnd(text: string, pattern: RegExp): number | undefined {
  const last = [...text.matchAll(pattern)].at(-1)
  return last === undefined ? undefined : last.index + last[0].length
}
