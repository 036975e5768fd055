/** Events between a socket, which pushes, and one reader, who iterates. */
export interface EventQueue<Event> {
  push(event: Event): void
  /** The reader gets what is queued, then the end. */
  end(): void
  /** The reader gets what is queued, then the error. */
  fail(error: Error): void
  /** The reader gets the end at once; what is queued is forgotten. */
  drop(): void
  /** Takes back what is queued and fits. */
  withdraw(fits: (event: Event) => boolean): void
  /** To be iterated once. */
  readonly events: AsyncIterable<Event>
}

/** After `end`, `fail` or `drop` nothing more goes in; the first of them counts, except that `drop` always does. */
export function createEventQueue<Event>(): EventQueue<Event> {
  let queue: Event[] = []
  let over: 'open' | 'ended' | Error = 'open'
  let wake: (() => void) | undefined

  function changed(): void {
    wake?.()
    wake = undefined
  }
  function finish(how: 'ended' | Error): void {
    if (over !== 'open') return
    over = how
    changed()
  }

  async function* read(): AsyncGenerator<Event, void> {
    for (;;) {
      while (queue.length > 0) yield queue.shift()!
      if (over instanceof Error) throw over
      if (over === 'ended') return
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }

  return {
    push(event) {
      if (over !== 'open') return
      queue.push(event)
      changed()
    },
    end: () => finish('ended'),
    fail: (error) => finish(error),
    drop() {
      queue = []
      over = 'ended'
      changed()
    },
    withdraw(fits) {
      queue = queue.filter((event) => !fits(event))
    },
    events: { [Symbol.asyncIterator]: read },
  }
}
