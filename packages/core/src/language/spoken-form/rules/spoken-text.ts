/** A piece of a text. Places are UTF-16 units. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A piece of a text that is said otherwise than it is written. */
export interface SpokenEdit extends Span {
  readonly spoken: string
}

/**
 * A text and how it is said. History and transcript keep `written`; a voice is given `spoken`; where the voice has got
 * to in one is a place in the other.
 */
export interface SpokenText {
  readonly written: string
  readonly spoken: string
  /**
   * How much of `written` is said out once `spokenChars` of `spoken` are. Of a piece that is said otherwise nothing,
   * before its last word is out: half a number was not heard.
   */
  writtenAt(spokenChars: number): number
}

/** `edits` do not overlap and stand in the order of the text. */
export function createSpokenText(written: string, edits: readonly SpokenEdit[]): SpokenText {
  if (edits.length === 0) return asWritten(written)
  let spoken = ''
  let at = 0
  for (const edit of edits) {
    spoken += written.slice(at, edit.start) + edit.spoken
    at = edit.end
  }
  spoken += written.slice(at)
  return new Edited(written, spoken, edits)
}

/** A class: a call keeps one of each clause, as long as it lasts. */
class Edited implements SpokenText {
  readonly written: string
  readonly spoken: string
  readonly #edits: readonly SpokenEdit[]

  constructor(written: string, spoken: string, edits: readonly SpokenEdit[]) {
    this.written = written
    this.spoken = spoken
    this.#edits = edits
  }

  writtenAt(spokenChars: number): number {
    /** How much longer `spoken` is, up to here. */
    let ahead = 0
    for (const { start, end, spoken } of this.#edits) {
      const saidStart = start + ahead
      if (spokenChars <= saidStart) break
      if (spokenChars < saidStart + spoken.length) return start
      ahead = saidStart + spoken.length - end
    }
    return Math.min(this.written.length, spokenChars - ahead)
  }
}

/** A text that is said just as it stands. */
export function asWritten(text: string): SpokenText {
  return new AsWritten(text)
}

/** Known for what it is, most texts being so: what is made of it keeps no more than it must, as long as a call lasts. */
class AsWritten implements SpokenText {
  readonly written: string

  constructor(text: string) {
    this.written = text
  }

  get spoken(): string {
    return this.written
  }

  writtenAt(spokenChars: number): number {
    return Math.min(this.written.length, spokenChars)
  }
}

/** `then` is how what `first` says is said in its turn. */
export function composeSpoken(first: SpokenText, then: SpokenText): SpokenText {
  if (then instanceof AsWritten) return first
  if (first instanceof AsWritten) return then
  return {
    written: first.written,
    spoken: then.spoken,
    writtenAt: (spokenChars) => first.writtenAt(then.writtenAt(spokenChars)),
  }
}

/** Where pieces of a text are once it is changed, by edits that leave them alone. */
export function movedSpans(spans: readonly Span[], edits: readonly SpokenEdit[]): Span[] {
  let ahead = 0
  let next = 0
  return spans.map(({ start, end }) => {
    for (; next < edits.length && edits[next]!.end <= start; next++) {
      const edit = edits[next]!
      ahead += edit.spoken.length - (edit.end - edit.start)
    }
    return { start: start + ahead, end: end + ahead }
  })
}

/** One behind the other, a space between. */
export function joinSpoken(first: SpokenText, second: SpokenText): SpokenText {
  if (first instanceof AsWritten && second instanceof AsWritten)
    return asWritten(`${first.written} ${second.written}`)
  const border = first.spoken.length + 1
  return {
    written: `${first.written} ${second.written}`,
    spoken: `${first.spoken} ${second.spoken}`,
    writtenAt: (spokenChars) =>
      spokenChars < border
        ? first.writtenAt(spokenChars)
        : first.written.length + 1 + second.writtenAt(spokenChars - border),
  }
}
