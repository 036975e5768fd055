import type { Clock } from '@kav/core'

const MINUTE_MS = 60_000
/** By the service, of one line. */
const FLUSHES_A_MINUTE = 20

/** How often a line may still have its text spoken. */
export interface FlushBudget {
  left(): number
  flushed(): void
}

export function createFlushBudget(clock: Clock): FlushBudget {
  const flushedMs: number[] = []
  return {
    left() {
      const nowMs = clock.nowMs()
      while (flushedMs.length > 0 && nowMs - flushedMs[0]! > MINUTE_MS) flushedMs.shift()
      return FLUSHES_A_MINUTE - flushedMs.length
    },
    flushed: () => void flushedMs.push(clock.nowMs()),
  }
}
