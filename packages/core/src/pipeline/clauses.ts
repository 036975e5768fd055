/**
 * Cuts a stream of text into pieces to be spoken, each as soon as it is whole: sentences, and for the first piece
 * a clause, so that the caller hears something early.
 */
export interface ClauseCutter {
  /** Takes text as the model writes it; returns the pieces that became whole. */
  push(text: string): readonly string[]
  /** The text is over: what is left. */
  end(): readonly string[]
}

const SENTENCE_END = /[.!?…。！？]+["'”’»)\]]*(?=\s)/gu
const CLAUSE_END = /[,;:–—]["'”’»)\]]*(?=\s)/gu
/** A first clause shorter than this is not worth a breath of its own. */
const MIN_CLAUSE_CHARS = 12
const MIN_SENTENCE_CHARS = 2

export function createClauseCutter(): ClauseCutter {
  let held = ''
  let first = true

  function cut(): string | undefined {
    const end =
      endOf(held, SENTENCE_END, MIN_SENTENCE_CHARS) ??
      (first ? endOf(held, CLAUSE_END, MIN_CLAUSE_CHARS) : undefined)
    if (end === undefined) return undefined
    const piece = held.slice(0, end).trim()
    held = held.slice(end)
    first = false
    return piece
  }

  return {
    push(text) {
      held += text
      const pieces: string[] = []
      for (let piece = cut(); piece !== undefined; piece = cut()) pieces.push(piece)
      return pieces
    },
    end() {
      const rest = held.trim()
      held = ''
      return rest === '' ? [] : [rest]
    },
  }
}

function endOf(text: string, mark: RegExp, minChars: number): number | undefined {
  for (const match of text.matchAll(mark)) {
    const end = match.index + match[0].length
    if (end >= minChars) return end
  }
  return undefined
}
