import type { SttEvent } from '@kav/core'

/** Events on their way to the one reader. The three ends (`end`, `fail`, `discard`) each work once; the first wins. */
export interface EventQueue extends AsyncIterable<SttEvent> {
  push(event: SttEvent): void
  /** Ends the iteration after what is queued. */
  end(): void
  /** The iteration throws after what is queued. */
  fail(error: unknown): void
  /** Ends the iteration now and drops what is queued. */
  discard(): void
  readonly ended: boolean
}

export function createEventQueue(): EventQueue {
  let events: SttEvent[] = []
  let ended = false
  let failure: { error: unknown } | undefined
  let wake: (() => void) | undefined

  function finish(): boolean {
    if (ended) return false
    ended = true
    wake?.()
    return true
  }

  return {
    get ended() {
      return ended
    },
    push(event) {
      if (ended) return
      // A reader that falls behind wants the newest partial, not all of them.
      if (event.type === 'partial' && events.at(-1)?.type === 'partial') events[events.length - 1] = event
      else events.push(event)
      wake?.()
    },
    end() {
      finish()
    },
    fail(error) {
      if (!ended) failure = { error }
      finish()
    },
    discard() {
      events = []
      failure = undefined
      finish()
      wake?.()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const event = events.shift()
        if (event !== undefined) yield event
        else if (failure !== undefined) throw failure.error
        else if (ended) return
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
          wake = undefined
        }
      }
    },
  }
}
