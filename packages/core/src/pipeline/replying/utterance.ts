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
  const clauses: Clause[] = []
  let settled: { readonly heard: readonly number[]; readonly sent: readonly number[] } | undefined

  const charactersAt = (atMs: number): number[] => clauses.map((clause) => charactersBy(clause, atMs))
  const { mutedFromMs, audible } = createMuting(mutedIn)
  const join = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ')
  /** What of each clause lies before a cut; without one, the clauses that were begun. */
  const parts = (cut: readonly number[] | undefined): string[] =>
    clauses.map(({ text: { written }, startMs }, index) => {
      if (cut) return written.slice(0, cut[index] ?? 0).trim()
      return startMs === undefined ? '' : written
    })
  const heardParts = (): string[] =>
    parts(settled?.heard ?? clauses.map((clause) => (clause.startMs === undefined ? 0 : audible(clause))))

  return {
    add(text, round = 0) {
      const borders = [text.written.length]
      clauses.push({ text, round, borders, words: [], startMs: undefined, endMs: undefined })
      return clauses.length - 1
    },
    extend(clause, text) {
      const growing = clauses[clause]!
      growing.text = joinSpoken(growing.text, text)
      const { length } = growing.text.written
      growing.borders.push(length)
      return length - text.written.length
    },
    begin(clause, startMs) {
      clauses[clause]!.startMs = startMs
    },
    word: (clause, word) => void clauses[clause]!.words.push(word),
    end(clause, endMs) {
      clauses[clause]!.endMs = endMs
    },
    breakOff(clause, endMs) {
      if (settled) return
      const broken = clauses[clause]!
      broken.text = asWritten(broken.text.written.slice(0, charactersBy(broken, endMs)).trim())
      broken.endMs = endMs
    },
    cut(heardMs, sentMs) {
      if (settled) return
      const sent = charactersAt(Math.max(sentMs, heardMs))
      // A mark may prove more than the clock foretold, never more than was sent.
      settled = {
        sent,
        heard: charactersAt(heardMs).map((characters, index) =>
          Math.min(characters, sent[index]!, audible(clauses[index]!)),
        ),
      }
    },
    generated() {
      return join(clauses.map((clause) => clause.text.written))
    },
    sent() {
      return join(parts(settled?.sent))
    },
    heard() {
      return join(heardParts())
    },
    heardBy(heardMs) {
      const by = charactersAt(heardMs).map((characters, index) =>
        Math.min(characters, settled?.heard[index] ?? characters, audible(clauses[index]!)),
      )
      return join(parts(by))
    },
    muted() {
      return clauses.some((clause) => mutedFromMs(clause) !== undefined)
    },
    stretchOf: (clause, piece) => stretchOf(clauses[clause]!, piece, settled !== undefined),
    heardOf(round) {
      return join(heardParts().filter((_part, index) => clauses[index]!.round === round))
    },
    rest() {
      if (!settled) return []
      const { heard } = settled
      return clauses
        .flatMap((clause, index) => restOf(clause, heard[index] ?? 0))
        .filter(({ text }) => text !== '')
    },
  }
}

/** Whoever was muted was not heard from there on: of what came behind it in the clause nobody could make sense. */
function createMuting(mutedIn: MutedIn) {
  const mutedFromMs = ({ startMs, endMs = Infinity }: Clause): number | undefined =>
    startMs === undefined ? undefined : mutedIn(startMs, endMs)
  return {
    mutedFromMs,
    /** How many characters of a clause could be heard. */
    audible(clause: Clause): number {
      const fromMs = mutedFromMs(clause)
      return fromMs === undefined ? clause.text.written.length : charactersBy(clause, fromMs)
    },
  }
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
