/** Which filler a call hears next. */
export interface FillerChoice {
  /** The text for this turn; empty: there is none that was not said just before. */
  next(turn: number): string
  said(text: string, turn: number): void
}

/** In turn, and never the same twice in a row: a single text is left out in the turn behind one that had it. */
export function createFillerChoice(texts: () => readonly string[]): FillerChoice {
  let at = 0
  let last: { readonly text: string; readonly turn: number } | undefined
  return {
    next(turn) {
      const all = texts()
      const text = all[at % Math.max(1, all.length)] ?? ''
      if (text !== last?.text) return text
      const other = all.find((each) => each !== text)
      if (other !== undefined) return other
      return turn - last.turn > 1 ? text : ''
    },
    said(text, turn) {
      at++
      last = { text, turn }
    },
  }
}
