import type { TonesPlayed } from '../../tools/runnable-tool.ts'

/** Frames that are no speech: the tones of keys, each frame 20 ms. */
export interface Tones {
  readonly frames: readonly Uint8Array[]
  /** Aborted: nobody wants them any more. What is queued of them plays out. */
  readonly signal: AbortSignal
  /** Told once: how much of them the far end has played. */
  readonly settle: (played: TonesPlayed) => void
}

export const NO_TONES_PLAYED: TonesPlayed = { outcome: 'cut', playedMs: 0 }

export interface ScriptClause {
  readonly text: string
  /** A text of the configuration, the same on every call. */
  readonly fixed: boolean
  /** Of the reply that wrote it. */
  readonly round: number
}

export type ScriptLine =
  | { readonly kind: 'clause'; readonly clause: ScriptClause }
  | { readonly kind: 'tones'; readonly tones: Tones }

/** What a voice has still to say, in order. */
export interface ReplyScript {
  add(line: ScriptLine): void
  /** Clauses that were taken, and have to be said after all, before everything else. */
  putBack(clauses: readonly ScriptClause[]): void
  take(): ScriptLine | undefined
  /** Takes the next line if it is a clause that a model wrote in this round. */
  takeWritten(round: number): ScriptClause | undefined
  /** Behind the clauses that a model wrote in this round comes something else. */
  hasOther(round: number): boolean
  empty(): boolean
  /** Nothing will ever be said again: what waits is forgotten, and its tones settle as not played. */
  close(): void
}

export function createReplyScript(): ReplyScript {
  const lines: ScriptLine[] = []
  let closed = false

  return {
    add(line) {
      if (!closed) lines.push(line)
      else if (line.kind === 'tones') line.tones.settle(NO_TONES_PLAYED)
    },
    putBack(clauses) {
      if (!closed) lines.unshift(...clauses.map((clause) => ({ kind: 'clause' as const, clause })))
    },
    take: () => lines.shift(),
    takeWritten(round) {
      const next = writtenIn(round, lines[0])
      if (next) lines.shift()
      return next
    },
    hasOther: (round) => lines.some((line) => !writtenIn(round, line)),
    empty: () => lines.length === 0,
    close() {
      closed = true
      for (const line of lines.splice(0)) if (line.kind === 'tones') line.tones.settle(NO_TONES_PLAYED)
    },
  }
}

/** The clause, if the line is one that a model wrote in this round. */
function writtenIn(round: number, line: ScriptLine | undefined): ScriptClause | undefined {
  return line?.kind === 'clause' && !line.clause.fixed && line.clause.round === round
    ? line.clause
    : undefined
}
