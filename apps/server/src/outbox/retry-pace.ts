export interface RetryPace {
  /** So many may be on their way at once: one alone, while it is not known whether who is away is back. */
  readonly atATime: number
  /** Not before. */
  readonly openMs: number
  /** Returns how long the item that failed waits; it has failed so often. */
  failed(nowMs: number, failures: number): number
  delivered(): void
}

export interface RetryPaceOptions {
  readonly atATime: number
  readonly firstPauseMs: number
  /** No pause is longer. */
  readonly maxPauseMs: number
  /** From 0 to 1: many processes that lost the same service do not come back at once. */
  readonly random: () => number
}

const SPREAD = 0.2

/**
 * When what failed is tried again: each item after pauses that double up to a ceiling. All go to the same place: when
 * as many have failed in a row as may be on their way at once, it is away, and the others wait, too, until one has come
 * through. A fault now and then costs the item alone: of a place that refuses one try in six the others would be held
 * to six a pause, and those behind them wait for ever longer.
 */
export function createRetryPace({ atATime, firstPauseMs, maxPauseMs, random }: RetryPaceOptions): RetryPace {
  let inARow = 0
  let openMs = 0
  const pauseMs = (times: number, spread: number): number =>
    Math.min(maxPauseMs, firstPauseMs * 2 ** Math.min(times - 1, 30)) * (1 - SPREAD * spread)

  return {
    get atATime() {
      return inARow < atATime ? atATime : 1
    },
    get openMs() {
      return openMs
    },
    failed(nowMs, failures) {
      inARow += 1
      const spread = random()
      if (inARow >= atATime) openMs = nowMs + pauseMs(inARow - atATime + 1, spread)
      return pauseMs(failures, spread)
    },
    delivered() {
      inARow = 0
      openMs = 0
    },
  }
}
