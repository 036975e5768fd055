import type { Clock } from '@kav/core'

/** The timers of one session, which end with it. */
export interface SessionTimers {
  /** Runs `callback` once after `delayMs`. Returns a function that cancels it. */
  after(delayMs: number, callback: () => void): () => void
  /** Cancels what is waiting. */
  clear(): void
}

/** `onThrow`: what a callback throws is its session's fault, for nobody else would catch it. */
export function createSessionTimers(clock: Clock, onThrow: (thrown: unknown) => void): SessionTimers {
  const waiting = new Set<() => void>()
  return {
    after(delayMs, callback) {
      const cancel = clock.after(delayMs, () => {
        waiting.delete(cancel)
        try {
          callback()
        } catch (thrown) {
          onThrow(thrown)
        }
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
