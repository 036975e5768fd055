import type { SttEvent } from '@kav/core'

/**
 * Events from the SDK's handlers to the one reader. Of its three ends (`end`, `fail`, `discard`) the first wins;
 * after it nothing is taken in.
 */
export interface EventQueue extends AsyncIterable<SttEvent> {
  push(event: SttEvent): void
  /** The iteration ends after what waits. */
  end(): void
  /** The iteration throws after what waits. */
  fail(error: Error): void
  /** The iteration ends at once; what waits is dropped. */
  discard(): void
}

export function createEventQueue(): EventQueue {
  const waiting: SttEvent[] = []
  let closed = false
  let failure: Error | undefined
  let wake: () => void = () => undefined

  function close(error?: Error): void {
    if (closed) return
    closed = true
    failure = error
    wake()
  }

  return {
    push(event) {
      if (closed) return
      // A slow reader wants the newest words only.
      if (event.type === 'partial' && waiting.at(-1)?.type === 'partial') waiting.pop()
      waiting.push(event)
      wake()
    },
    end: () => {
      close()
    },
    fail: close,
    discard() {
      close()
      waiting.length = 0
      failure = undefined
      wake()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = waiting.shift()
        if (next !== undefined) {
          yield next
          continue
        }
        if (failure !== undefined) throw failure
        if (closed) return
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
