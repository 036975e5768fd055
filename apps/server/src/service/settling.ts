import type { Clock } from '@kav/core'

/** An editor writes a file in several steps, and a deployment several files. */
const SETTLE_MS = 300
/** Somebody who never stops to write keeps nobody from being read. */
const LONGEST_MS = 3_000

export interface Settling {
  /** Something was written. */
  changed(): void
  close(): void
}

/** Calls `onSettled` once nothing was written for a while, or once the first of it was long ago. */
export function createSettling(clock: Clock, onSettled: () => void): Settling {
  let cancel = (): void => undefined
  let sinceMs: number | undefined
  return {
    changed() {
      cancel()
      sinceMs ??= clock.nowMs()
      const leftMs = sinceMs + LONGEST_MS - clock.nowMs()
      cancel = clock.after(Math.max(0, Math.min(SETTLE_MS, leftMs)), () => {
        sinceMs = undefined
        onSettled()
      })
    },
    close() {
      cancel()
    },
  }
}
