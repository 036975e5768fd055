import type { Clock } from '@kav/core'

/** The timers of one session, which end with it. */
export interface SessionTimers {
  /** Runs `callback` once after `delayMs`. Returns a function that cancels it. */
  after(delayMs: number, callback: () => void): () => void
  /** Cancels what is waiting. */
  clear(): void
}

export function createSessionTimers(clock: Clock): SessionTimers {
  const waiting = new Set<() => void>()
  return {
    after(delayMs, callback) {
      const cancel = clock.after(delayMs, () => {
        waiting.delete(cancel)
        callback()
      })
      waiting.add(cancel)
      return () => {
        waiting.delete(cancel)
        cancel()
      }
    },
    clear() {
      for (const cancel of waiting) cancel()
      waiting.clear()
    },
  }
}
