import { asWritten, joinSpoken, type SpokenText } from '../../language/spoken-form/rules/spoken-text.ts'
import type { PlacedWord } from './voice-script.ts'

/**
 * One utterance of the agent: what was generated, what of it was sent, and what was heard, clause by clause.
 * Positions are milliseconds of audio on the playout clock. At any time: heard ≤ sent ≤ generated.
 */
export interface AgentUtterance {
  /**
   * A clause is about to be spoken; returns its index. What was written is remembered; what is said of it tells how long
   * it takes. `round`: which round of the reply wrote it.
   */
  add(text: SpokenText, round?: number): number
  /**
   * More text for a clause that is being spoken: a streamed reply is one clause that grows. Returns where it begins in
   * what is written.
   */
  extend(clause: number, text: SpokenText): number
  /** The clause's first frame is queued at this position. */
  begin(clause: number, startMs: number): void
  /** When a word of the clause starts, where the voice tells. */
  word(clause: number, word: PlacedWord): void
  /** The clause's last frame is queued; it ends at this position. */
  end(clause: number, endMs: number): void
  /** The voice failed at this position: the clause keeps the words it had got to, none if it had not begun. */
  breakOff(clause: number, endMs: number): void
  /**
   * The utterance was interrupted: the caller heard up to `heardMs`, the wire had got up to `sentMs`. From here on
   * `heard` and `sent` are settled. Calling it again changes nothing.
   */
  cut(heardMs: number, sentMs: number): void
  generated(): string
  sent(): string
  /** Everything that was begun, unless the utterance was cut. */
  heard(): string
  /** What of `heard` lies before this position. */
  heardBy(heardMs: number): string
  /** Whether words that were begun were muted, in whole or in part. */
  muted(): boolean
  /**
   * Positions of a piece of a clause: of its words, where the voice told when they start, else of the clause.
   * `undefined` while it is not known how much of the clause is said.
   */
  stretchOf(
    clause: number,
    piece: { readonly start: number; readonly end: number },
  ): PlacedStretch | undefined
  /** What of `heard` this round wrote. */
  heardOf(round: number): string
  /** After a cut: what is left to say, from the word the caller did not hear out. */
  rest(): readonly UnheardText[]
}

/** Positions of the playout clock. */
export interface PlacedStretch {
  readonly fromMs: number
  readonly toMs: number
  readonly byWords: boolean
}

export interface UnheardText {
  readonly text: string
  /** The round that wrote it. */
  readonly round: number
}

interface Clause {
  text: SpokenText
  readonly round: number
  /** Where each text it was made of ends. */
  readonly borders: number[]
  readonly words: PlacedWord[]
  startMs: number | undefined
  endMs: number | undefined
}

/** Speech runs at about this pace; used for a clause whose end is not known yet. */
export const MS_PER_CHARACTER = 65

/** As `Floor.mutedIn`. */
export type MutedIn = (startMs: number, endMs: number) => number | undefined

export function createUtterance(mutedIn: MutedIn = NEVER_MUTED): AgentUtterance {
  return new Utterance(mutedIn)
}

/** A class: the history keeps every one of a call. */
class Utterance implements AgentUtterance {
  readonly #mutedIn: MutedIn
  readonly #clauses: Clause[] = []
  #settled: { readonly heard: readonly number[]; readonly sent: readonly number[] } | undefined

  constructor(mutedIn: MutedIn) {
    this.#mutedIn = mutedIn
  }

  add(text: SpokenText, round = 0): number {
    const borders = [text.written.length]
    this.#clauses.push({ text, round, borders, words: [], startMs: undefined, endMs: undefined })
    return this.#clauses.length - 1
  }

  extend(clause: number, text: SpokenText): number {
    const growing = this.#clauses[clause]!
    growing.text = joinSpoken(growing.text, text)
    const { length } = growing.text.written
    growing.borders.push(length)
    return length - text.written.length
  }

  begin(clause: number, startMs: number): void {
    this.#clauses[clause]!.startMs = startMs
  }

  word(clause: number, word: PlacedWord): void {
    this.#clauses[clause]!.words.push(word)
  }

  end(clause: number, endMs: number): void {
    this.#clauses[clause]!.endMs = endMs
  }

  breakOff(clause: number, endMs: number): void {
    if (this.#settled) return
    const broken = this.#clauses[clause]!
    broken.text = asWritten(broken.text.written.slice(0, charactersBy(broken, endMs)).trim())
    broken.endMs = endMs
  }

  cut(heardMs: number, sentMs: number): void {
    if (this.#settled) return
    const sent = this.#charactersAt(Math.max(sentMs, heardMs))
    // A mark may prove more than the clock foretold, never more than was sent.
    const heard = this.#charactersAt(heardMs).map((characters, index) =>
      Math.min(characters, sent[index]!, this.#audible(this.#clauses[index]!)),
    )
    this.#settled = { sent, heard }
  }

  generated(): string {
    return join(this.#clauses.map((clause) => clause.text.written))
  }

  sent(): string {
    return join(this.#parts(this.#settled?.sent))
  }

  heard(): string {
    return join(this.#heardParts())
  }

  heardBy(heardMs: number): string {
    const by = this.#charactersAt(heardMs).map((characters, index) =>
      Math.min(characters, this.#settled?.heard[index] ?? characters, this.#audible(this.#clauses[index]!)),
    )
    return join(this.#parts(by))
  }

  muted(): boolean {
    return this.#clauses.some((clause) => this.#mutedFromMs(clause) !== undefined)
  }

  stretchOf(
    clause: number,
    piece: { readonly start: number; readonly end: number },
  ): PlacedStretch | undefined {
    return stretchOf(this.#clauses[clause]!, piece, this.#settled !== undefined)
  }

  heardOf(round: number): string {
    return join(this.#heardParts().filter((_part, index) => this.#clauses[index]!.round === round))
  }

  rest(): readonly UnheardText[] {
    if (!this.#settled) return []
    const { heard } = this.#settled
    return this.#clauses
      .flatMap((clause, index) => restOf(clause, heard[index] ?? 0))
      .filter(({ text }) => text !== '')
  }

  #charactersAt(atMs: number): number[] {
    return this.#clauses.map((clause) => charactersBy(clause, atMs))
  }

  /** What of each clause lies before a cut; without one, the clauses that were begun. */
  #parts(cut: readonly number[] | undefined): string[] {
    return this.#clauses.map(({ text: { written }, startMs }, index) => {
      if (cut) return written.slice(0, cut[index] ?? 0).trim()
      return startMs === undefined ? '' : written
    })
  }

  #heardParts(): string[] {
    const begun = (clause: Clause): number => (clause.startMs === undefined ? 0 : this.#audible(clause))
    return this.#parts(this.#settled?.heard ?? this.#clauses.map(begun))
  }

  #mutedFromMs({ startMs, endMs = Infinity }: Clause): number | undefined {
    return startMs === undefined ? undefined : this.#mutedIn(startMs, endMs)
  }

  /** How many characters of a clause could be heard: of what came behind a mute in it nobody could make sense. */
  #audible(clause: Clause): number {
    const fromMs = this.#mutedFromMs(clause)
    return fromMs === undefined ? clause.text.written.length : charactersBy(clause, fromMs)
  }
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}

const NEVER_MUTED: MutedIn = () => undefined

/** What is left of a clause, in the texts it was made of. */
function restOf({ text: { written }, round, borders }: Clause, from: number): UnheardText[] {
  return borders.map((border, index) => {
    const start = Math.max(from, borders[index - 1] ?? 0)
    return { text: written.slice(start, Math.max(start, border)).trim(), round }
  })
}

/** How many characters of the clause lie before this position: whole words only. */
function charactersBy(clause: Clause, positionMs: number): number {
  if (clause.startMs === undefined) return 0
  const { text, startMs, endMs } = clause
  const { written, spoken } = text
  if (endMs !== undefined && positionMs >= endMs) return written.length
  const intoMs = positionMs - startMs
  if (intoMs <= 0) return 0
  if (clause.words.length > 0) return charactersByWords(clause, intoMs)
  const lengthMs = Math.max(1, (endMs ?? startMs + spoken.length * MS_PER_CHARACTER) - startMs)
  return wholeWords(written, text.writtenAt(Math.floor(Math.min(1, intoMs / lengthMs) * spoken.length)))
}

/** A word counts once the next one has begun: then it was said out. */
function charactersByWords({ words }: Clause, intoMs: number): number {
  let at = 0
  let said = 0
  for (const { end, startMs } of words) {
    if (startMs > intoMs) return said
    said = at
    at = end
  }
  return said
}

/** A clause that was cut ends where nobody says: all that was sent of it counts. */
function stretchOf(
  { text, words, startMs, endMs }: Clause,
  { start, end }: { readonly start: number; readonly end: number },
  isCut: boolean,
): PlacedStretch | undefined {
  const isOver = endMs !== undefined || isCut
  if (startMs === undefined || !isOver || end > text.written.length) return undefined
  const toMs = endMs ?? Infinity
  let first = words.findIndex((word) => word.end > start)
  const last = words.findIndex((word) => word.end >= end)
  if (first < 0 || last < 0) return { fromMs: startMs, toMs, byWords: false }
  // Words of a number end where the word before it did, until its last one.
  while (first > 0 && words[first - 1]!.end === (words[first - 2]?.end ?? 0)) first--
  const nextMs = words[last + 1]?.startMs
  return {
    fromMs: startMs + words[first]!.startMs,
    toMs: nextMs === undefined ? toMs : startMs + nextMs,
    byWords: true,
  }
}

/** Back to the last boundary between words; scripts without spaces are cut between characters. */
function wholeWords(text: string, characters: number): number {
  if (characters >= text.length || /\s/u.test(text[characters]!)) return characters
  const boundary = text.slice(0, characters).search(/\s\S*$/u)
  if (boundary >= 0) return boundary
  return /\s/u.test(text) ||
    /^[\p{Script=Latin}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Cyrillic}]/u.test(text)
    ? 0
    : characters - (/[\uD800-\uDBFF]$/u.test(text.slice(0, characters)) ? 1 : 0)
}
