import { joinSpoken, type SpokenText } from '../../language/spoken-form/rules/spoken-text.ts'

/** When a word starts, and where it stands in what was written. */
export interface PlacedWord {
  /** Counted from the first byte of the clause, or of the stream. */
  readonly startMs: number
  /** Characters of the written text up to the end of the word. */
  readonly end: number
}

/** What one voice was given to say so far, clause by clause, and how far into it a word is. */
export interface VoiceScript {
  /** Returns what the voice is given for it. */
  add(clause: string): string
  /** Length of all it was given. */
  chars(): number
  /**
   * Where what was written ends with this word, as the voice tells it: the next one of that name. One that is not
   * found ends where the one before it did, and so does one inside a number that goes on.
   */
  endOf(word: string): number
}

export function createVoiceScript(pronounced: (clause: string) => SpokenText): VoiceScript {
  let said: SpokenText | undefined
  let at = 0
  return {
    add(clause) {
      const next = pronounced(clause)
      said = said ? joinSpoken(said, next) : next
      return next.spoken
    },
    chars: () => said?.spoken.length ?? 0,
    endOf(word) {
      if (!said) return 0
      const found = said.spoken.indexOf(word, at)
      if (found >= 0) at = found + word.length
      return said.writtenAt(at)
    },
  }
}
