/** Values pushed from callbacks, read once as an async iteration. */
export interface EventChannel<T> {
  push(value: T): void
  /** What was pushed before is still delivered, then the iteration ends, or throws `error`. */
  end(error?: Error): void
  /** Drops what was not read yet and ends the iteration. */
  abandon(): void
  readonly values: AsyncIterable<T>
}

export function createEventChannel<T>(): EventChannel<T> {
  let waiting: T[] = []
  let isEnded = false
  let fault: Error | undefined
  let wake: (() => void) | undefined

  async function* read(): AsyncGenerator<T, void, void> {
    for (;;) {
      const value = waiting.shift()
      if (value !== undefined) yield value
      else if (fault !== undefined) throw fault
      else if (isEnded) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }

  return {
    push(value) {
      if (isEnded) return
      waiting.push(value)
      wake?.()
    },
    end(error) {
      if (isEnded) return
      isEnded = true
      fault = error
      wake?.()
    },
    abandon() {
      waiting = []
      isEnded = true
      fault = undefined
      wake?.()
    },
    values: read(),
  }
}
