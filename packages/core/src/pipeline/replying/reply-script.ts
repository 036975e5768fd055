import type { CutBy } from '../../kit/cut.ts'
import { createGate } from '../../kit/gate.ts'
import type { Filler } from './filler-watch.ts'
import type { TonesPlayed } from '../../tools/runnable-tool.ts'

/** Frames that are no speech: the tones of keys, each frame 20 ms. */
export interface Tones {
  readonly frames: readonly Uint8Array[]
  /** Aborted: nobody wants them any more. What is queued of them plays out. */
  readonly signal: AbortSignal
  /** Told once: how much of them the far end has played. */
  readonly settle: (played: TonesPlayed) => void
}

export function noTonesPlayed(by: CutBy): TonesPlayed {
  return { outcome: 'cut', by, playedMs: 0 }
}

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
  | { readonly kind: 'filler'; readonly filler: Filler }

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
  /**
   * Whoever writes the script is far ahead of who speaks it: resolves when that is no longer so, or nothing will be
   * said any more. `undefined`: it is not.
   */
  room(): Promise<void> | undefined
  /** Nothing will ever be said again: what waits is forgotten, and its tones settle as not played. */
  close(by: CutBy): void
}

/** Text that may wait to be spoken: some two minutes of speech. */
export const WAITING_CHARS = 2000

export function createReplyScript(): ReplyScript {
  const lines: ScriptLine[] = []
  let closedBy: CutBy | undefined
  let waitingChars = 0
  let roomy = createGate()

  function count(change: number): void {
    waitingChars += change
    if (waitingChars <= WAITING_CHARS) roomy.release()
    else if (roomy.released) roomy = createGate()
  }

  function taken(line: ScriptLine | undefined): void {
    if (line) count(-charsOf(line))
  }

  return {
    add(line) {
      if (!closedBy) {
        lines.push(line)
        count(charsOf(line))
      } else if (line.kind === 'tones') line.tones.settle(noTonesPlayed(closedBy))
    },
    putBack(clauses) {
      if (closedBy) return
      const back = clauses.map((clause) => ({ kind: 'clause' as const, clause }))
      lines.unshift(...back)
      for (const line of back) count(charsOf(line))
    },
    take() {
      const line = lines.shift()
      taken(line)
      return line
    },
    takeWritten(round) {
      const next = writtenIn(round, lines[0])
      if (next) taken(lines.shift())
      return next
    },
    hasOther: (round) => lines.some((line) => !writtenIn(round, line)),
    empty: () => lines.length === 0,
    room: () => (closedBy || waitingChars <= WAITING_CHARS ? undefined : roomy.open),
    close(by) {
      closedBy = by
      roomy.release()
      for (const line of lines.splice(0)) if (line.kind === 'tones') line.tones.settle(noTonesPlayed(by))
    },
  }
}

function charsOf(line: ScriptLine): number {
  return line.kind === 'clause' ? line.clause.text.length : 0
}

/** The clause, if the line is one that a model wrote in this round. */
function writtenIn(round: number, line: ScriptLine | undefined): ScriptClause | undefined {
  return line?.kind === 'clause' && !line.clause.fixed && line.clause.round === round
    ? line.clause
    : undefined
}
