/**
 * How fast lost connections are made anew: the first at once; after one that did not last, with a pause that doubles,
 * so that a server that takes every connection and drops it is not asked thousands of times a minute.
 */
export interface ReopenPace {
  /** A connection is in use. */
  opened(nowMs: number): void
  /** It was lost. How long to wait before the next; `undefined`: too many in a row, nobody should try. */
  lost(nowMs: number): number | undefined
}

/** A connection that was in use for as long has proved the server good. */
const LASTED_MS = 30_000
const FIRST_PAUSE_MS = 200
/** 200 ms doubled so often is 6 s; then it is given up, after 13 s in all. */
const MAX_SHORT_LIVES = 6

export function createReopenPace(): ReopenPace {
  let openedMs = -Infinity
  let shortLives = 0
  return {
    opened(nowMs) {
      openedMs = nowMs
    },
    lost(nowMs) {
      shortLives = nowMs - openedMs >= LASTED_MS ? 0 : shortLives + 1
      if (shortLives <= 1) return 0
      if (shortLives > MAX_SHORT_LIVES + 1) return undefined
      return FIRST_PAUSE_MS * 2 ** (shortLives - 2)
    },
  }
}
