/** Whoever waits for something that only one can have, in the order they came. */
export interface TurnQueue {
  /** How many wait. */
  readonly length: number
  /** Resolves when it is this one's turn to look again, or when `signal` aborts. */
  wait(signal: AbortSignal): Promise<void>
  wakeNext(): void
  wakeAll(): void
}

export function createTurnQueue(): TurnQueue {
  const waiting: (() => void)[] = []
  return {
    get length() {
      return waiting.length
    },
    wait: (signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake)
          const at = waiting.indexOf(wake)
          if (at >= 0) waiting.splice(at, 1)
          resolve()
        }
        waiting.push(wake)
        signal.addEventListener('abort', wake, { once: true })
      }),
    wakeNext() {
      waiting[0]?.()
    },
    wakeAll() {
      for (const wake of [...waiting]) wake()
    },
  }
}
