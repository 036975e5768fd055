/** What failed a turn: the model gave no answer, or no voice could say it. */
export type FailedStage = 'model' | 'voice'

/** Counts the turns in a row of which nothing came, and says when the call is to be given up. */
export interface FailedTurns {
  /** How many there are. */
  inARow(): number
  /** Whether this turn, if it fails too, is the one after which the call is given up: then other words are due. */
  isLast(turn: number): boolean
  /**
   * The turn failed; a greeting (0) and a prompt (below 0) count as turns. Told twice of the same turn it counts once.
   * Returns whether the call is to be given up.
   */
  failed(turn: number): boolean
  /** The caller had an answer: the count begins anew. */
  worked(): void
}

/** `after`: so many in a row are enough; `undefined`: no number is. */
export function createFailedTurns(after: number | undefined): FailedTurns {
  const limit = after ?? Infinity
  let inARow = 0
  let lastTurn: number | undefined
  const withThis = (turn: number): number => (turn === lastTurn ? inARow : inARow + 1)
  return {
    inARow() {
      return inARow
    },
    isLast: (turn) => withThis(turn) >= limit,
    failed(turn) {
      inARow = withThis(turn)
      lastTurn = turn
      return inARow >= limit
    },
    worked() {
      inARow = 0
      lastTurn = undefined
    },
  }
}
