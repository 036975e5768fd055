import type { ChatPiece } from './chat-chunk.ts'

/** Shorter words may well be said twice. */
const MIN_REPEATED_CHARS = 8

/**
 * What of each piece is new. Some servers send the whole message once more behind its pieces, or the message so far in
 * place of the next piece, or the last piece twice.
 */
export function createSaidOnce(): (piece: ChatPiece) => string {
  let said = ''
  let last: string | undefined

  return ({ text, isMessage, finish }) => {
    if (isMessage && text.startsWith(said)) {
      const more = text.slice(said.length)
      said = text
      return more
    }
    const isWhole = finish !== undefined && text.length >= MIN_REPEATED_CHARS && text === said
    if (isWhole || (finish !== undefined && text === last)) return ''
    if (finish !== undefined) last = text
    said += text
    return text
  }
}
