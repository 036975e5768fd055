/** The two ends of a queue of events: one side pushes, the other iterates once. */
export interface EventStream<T> {
  readonly events: AsyncIterable<T>
  /** Does nothing once the stream has ended. */
  push(event: T): void
  /** The events pushed so far are still delivered, then iteration ends. */
  end(): void
  /** The events pushed so far are still delivered, then iteration throws. */
  fail(error: unknown): void
  /** Iteration ends now; events not yet read are dropped. */
  discard(): void
}

export function createEventStream<T>(): EventStream<T> {
  let queue: T[] = []
  let ended = false
  let failure: { readonly error: unknown } | undefined
  const readers: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void }[] = []

  function serve(): void {
    while (readers.length > 0) {
      if (queue.length > 0) readers.shift()!.resolve({ done: false, value: queue.shift()! })
      else if (failure !== undefined) {
        const { error } = failure
        failure = undefined
        readers.shift()!.reject(error)
      } else if (ended) readers.shift()!.resolve({ done: true, value: undefined })
      else return
    }
  }

  function finish(error?: { readonly error: unknown }): void {
    if (ended) return
    ended = true
    failure = error
    serve()
  }

  const iterator: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => iterator,
    next: () =>
      new Promise((resolve, reject) => {
        readers.push({ resolve, reject })
        serve()
      }),
    return() {
      queue = []
      finish()
      return Promise.resolve({ done: true, value: undefined })
    },
  }

  return {
    events: iterator,
    push(event) {
      if (ended) return
      queue.push(event)
      serve()
    },
    end: () => finish(),
    fail: (error) => finish({ error }),
    discard() {
      queue = []
      failure = undefined
      finish()
    },
  }
}
