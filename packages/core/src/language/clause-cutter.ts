import { isSpace, isUnspaced } from './boundaries/clause-marks.ts'
import { judgeBoundary } from './boundaries/judge-boundary.ts'
import { sentenceRulesFor } from './sentences/sentence-rules.ts'

export interface ClauseCutterOptions {
  /** What the text is written in, as a BCP 47 tag; see `sentenceRulesFor`. Default: any language. */
  readonly language?: string | undefined
  /** The first piece may end at a comma or a dash when it has at least this many characters. Default 12; `Infinity`: never. */
  readonly firstClauseMinChars?: number
  /** A longer piece is parted at a clause mark, else between two words. Default 180. */
  readonly maxClauseChars?: number
}

/**
 * Cuts a stream of text into pieces to be spoken, each as soon as it is surely whole: sentences, lines, and for the
 * first piece a clause, so that the caller hears something early. The pieces are the same however the text was
 * split into tokens, and together they are the text, but for white space at their edges. Lengths are in UTF-16
 * units.
 */
export interface ClauseCutter {
  /** Takes text as the model writes it; returns the pieces that became whole. */
  push(text: string): readonly string[]
  /** The text is over: what is left. The cutter is then as new. */
  end(): readonly string[]
}

/** Text without a space, such as a long address, is left whole up to this many times `maxClauseChars`. */
const UNBROKEN_TIMES = 4

export function createClauseCutter(options: ClauseCutterOptions = {}): ClauseCutter {
  const { firstClauseMinChars = 12 } = options
  const rules = sentenceRulesFor(options.language)
  const maxClauseChars = Math.max(1, options.maxClauseChars ?? 180)
  /** Everything since the last cut. */
  let text = ''
  /** Places before this one are judged. */
  let judged = 0
  let lastClause = 0
  let lastSpace = 0
  let item = 0
  let first = true
  let capitals = false

  function reset(): void {
    text = ''
    item = 0
    first = true
    capitals = false
    restart()
  }

  function restart(): void {
    judged = 0
    lastClause = 0
    lastSpace = 0
  }

  function cutAt(end: number): string {
    const piece = text.slice(0, end).trim()
    text = text.slice(end).trimStart()
    first = false
    capitals ||= /\p{Lu}/u.test(piece)
    restart()
    return piece
  }

  /** Judges on from where it stopped; the next sure piece, if there is one. */
  function nextPiece(ended: boolean): string | undefined {
    while (judged < text.length) {
      const verdict = judgeBoundary({ text, ended, item, capitals, rules }, judged)
      if (verdict.kind === 'wait') return undefined
      judged = Math.max(verdict.end, judged + 1)
      if (verdict.kind === 'cut') return cutAt(verdict.end)
      if (verdict.kind === 'item') item = verdict.item
      else if (verdict.kind === 'space') lastSpace = verdict.end
      else if (verdict.kind === 'clause') {
        lastClause = verdict.end
        if (first && text.slice(0, verdict.end).trimEnd().length >= firstClauseMinChars)
          return cutAt(verdict.end)
      }
    }
    return undefined
  }

  /** A piece that has grown too long. */
  function forcedPiece(): string | undefined {
    const end = forcedEnd({ text, lastClause, lastSpace, maxClauseChars })
    return end === undefined ? undefined : cutAt(end)
  }

  /** One unit at a time, so that pieces cannot depend on how the text came. */
  function take(unit: string, pieces: string[]): void {
    if (text === '' && isSpace(unit)) return
    text += unit
    const next = (): string | undefined => nextPiece(false) ?? forcedPiece()
    for (let piece = next(); piece !== undefined; piece = next()) pieces.push(piece)
  }

  return {
    push(added) {
      const pieces: string[] = []
      for (let index = 0; index < added.length; index++) take(added[index]!, pieces)
      return pieces
    },
    end() {
      const pieces: string[] = []
      for (let piece = nextPiece(true); piece !== undefined; piece = nextPiece(true)) pieces.push(piece)
      if (text.trim() !== '') pieces.push(text.trim())
      reset()
      return pieces
    },
  }
}

interface LongText {
  readonly text: string
  /** The last place where a clause ended, and a word; 0: none. */
  readonly lastClause: number
  readonly lastSpace: number
  readonly maxClauseChars: number
}

/** Where a text that has grown too long is parted: where it hurts least. */
function forcedEnd({ text, lastClause, lastSpace, maxClauseChars }: LongText): number | undefined {
  if (text.length <= maxClauseChars) return undefined
  const least = Math.max(1, Math.floor(maxClauseChars / 3))
  if (lastClause >= least) return lastClause
  if (lastSpace >= least) return lastSpace
  if (text.length === maxClauseChars + 1) {
    const end = lastBoundary(text.slice(0, maxClauseChars), 'word')
    if (end >= least && isUnspaced(text.slice(end - 1, end + 1))) return end
  }
  if (text.length <= maxClauseChars * UNBROKEN_TIMES) return undefined
  const start = text.slice(0, maxClauseChars)
  return lastSpace || lastBoundary(start, 'word') || lastBoundary(start, 'grapheme') || maxClauseChars
}

/** Where the last word or grapheme of `text` begins; 0 when there is only one. */
function lastBoundary(text: string, granularity: 'word' | 'grapheme'): number {
  let last = 0
  for (const { index } of new Intl.Segmenter('en', { granularity }).segment(text)) last = index
  return last
}
