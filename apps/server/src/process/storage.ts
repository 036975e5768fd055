/**
 * The one way to the disk for what a process writes beside its calls. Node has four threads for files and name
 * look-ups together: were each call's file to wait in a thread of its own, a disk that hangs would take them all, and
 * with them every connection to a provider.
 */
export interface Storage {
  /** One operation in its turn. Rejects at once when too many wait already. */
  run<T>(action: () => Promise<T>): Promise<T>
  /** Operations that wait or run. */
  readonly pending: number
  /** Resolves with true when none is pending, with false after `limitMs`. */
  settled(limitMs: number): Promise<boolean>
}

const AT_A_TIME = 2
/** Each is a call's file: more of them would be memory without end. */
const MAX_PENDING = 1000

export function createStorage(limits: { atATime?: number; maxPending?: number } = {}): Storage {
  const { atATime = AT_A_TIME, maxPending = MAX_PENDING } = limits
  const waiting: (() => void)[] = []
  const idle = new Set<() => void>()
  let running = 0

  async function take(): Promise<void> {
    if (running < atATime) running++
    // Who leaves hands the place over.
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }

  function leave(): void {
    const next = waiting.shift()
    if (next) return next()
    running--
    if (running === 0) for (const resolve of idle) resolve()
  }

  return {
    async run(action) {
      if (running + waiting.length >= maxPending)
        throw new Error('storage is too slow: too much waits for it')
      await take()
      try {
        return await action()
      } finally {
        leave()
      }
    },
    get pending() {
      return running + waiting.length
    },
    settled(limitMs) {
      if (running === 0) return Promise.resolve(true)
      return new Promise((resolve) => {
        const settle = (all: boolean) => (): void => {
          clearTimeout(limit)
          idle.delete(done)
          resolve(all)
        }
        const done = settle(true)
        const limit = setTimeout(settle(false), limitMs)
        idle.add(done)
      })
    },
  }
}
