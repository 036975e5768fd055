/** Lets a test wait for what a loopback server notes. */
export interface ChangeWatch {
  /** The server calls it after everything it notes: every condition waited for is checked at once. */
  changed(): void
  /** Resolves as soon as `condition` holds. Rejects after `timeoutMs`, naming the condition. */
  until(condition: () => boolean, timeoutMs?: number): Promise<void>
}

/** `who` is waited for, as its error message names it. */
export function createChangeWatch(who: string): ChangeWatch {
  const waiting = new Set<() => void>()
  return {
    changed() {
      for (const check of waiting) check()
    },
    until(condition, timeoutMs = 5000) {
      return new Promise((resolve, reject) => {
        const check = (): void => {
          if (!condition()) return
          clearTimeout(timer)
          waiting.delete(check)
          resolve()
        }
        const timer = setTimeout(() => {
          waiting.delete(check)
          reject(new Error(`${who}: not so within ${timeoutMs} ms: ${condition.toString()}`))
        }, timeoutMs)
        waiting.add(check)
        check()
      })
    },
  }
}
