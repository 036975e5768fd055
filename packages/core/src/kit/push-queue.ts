/** Items between callbacks, which push, and one reader, who iterates once. */
export interface PushQueue<T> {
  /** Does nothing once the queue has ended. */
  push(item: T): void
  /** The reader gets what waits, then the end. Of `end` and `fail` the first counts. */
  end(): void
  /** The reader gets what waits, then the error. */
  fail(error: unknown): void
  /** The reader gets the end at once: what waits, a failure too, is forgotten. Always counts. */
  discard(): void
  /** Takes back what waits and fits. */
  withdraw(fits: (item: T) => boolean): void
  /** `end`, `fail` or `discard` was called, or the reader has left. */
  readonly ended: boolean
  /** The reader's end. Leaving the iteration discards: nobody else will read. */
  readonly items: AsyncIterable<T>
}

export interface PushQueueOptions<T> {
  /** Whether `next` takes the place of `last`, the newest that waits: of a slow reader's partials only the newest counts. */
  readonly supersedes?: (next: T, last: T) => boolean
  readonly flow?: FlowControl<T>
}

/** Back-pressure, for producers that can wait. */
export interface FlowControl<T> {
  /** In the unit of the two limits, bytes for instance. */
  sizeOf(item: T): number
  /** More than this waiting: `pause` is called, once. */
  readonly pauseAbove: number
  /** Less than this waiting after a pause: `resume` is called. */
  readonly resumeBelow: number
  pause(): void
  resume(): void
}

interface Reader<T> {
  resolve(result: IteratorResult<T>): void
  reject(error: unknown): void
}

export function createPushQueue<T>(options: PushQueueOptions<T> = {}): PushQueue<T> {
  const { supersedes } = options
  const level = createLevel(options.flow)
  const readers: Reader<T>[] = []
  let waiting: T[] = []
  let failure: { readonly error: unknown } | undefined

  function serve(): void {
    while (readers.length > 0) {
      if (waiting.length > 0) {
        const value = waiting.shift()!
        if (!queue.ended) level.taken(value)
        readers.shift()!.resolve({ done: false, value })
      } else if (failure !== undefined) {
        const { error } = failure
        failure = undefined
        readers.shift()!.reject(error)
      } else if (queue.ended) readers.shift()!.resolve({ done: true, value: undefined })
      else return
    }
  }

  function finish(how?: { readonly error: unknown }): void {
    if (queue.ended) return
    queue.ended = true
    failure = how
    serve()
  }

  function discard(): void {
    waiting = []
    failure = undefined
    finish()
  }

  const iterator: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => iterator,
    next: () =>
      new Promise((resolve, reject) => {
        readers.push({ resolve, reject })
        serve()
      }),
    return() {
      discard()
      return Promise.resolve({ done: true, value: undefined })
    },
  }

  const queue = {
    push(item: T) {
      if (queue.ended) return
      const last = waiting.at(-1)
      if (last !== undefined && supersedes?.(item, last) === true) level.taken(waiting.pop()!)
      waiting.push(item)
      level.added(item)
      serve()
    },
    end: () => finish(),
    fail: (error: unknown) => finish({ error }),
    discard,
    withdraw(fits: (item: T) => boolean) {
      const kept: T[] = []
      for (const item of waiting) {
        if (fits(item)) level.taken(item)
        else kept.push(item)
      }
      waiting = kept
    },
    ended: false,
    items: iterator,
  }
  return queue
}

/** How much waits, and whether the producer was asked to. */
function createLevel<T>(flow: FlowControl<T> | undefined): { added(item: T): void; taken(item: T): void } {
  if (flow === undefined) return { added: () => undefined, taken: () => undefined }
  let level = 0
  let paused = false
  return {
    added(item) {
      level += flow.sizeOf(item)
      if (paused || level <= flow.pauseAbove) return
      paused = true
      flow.pause()
    },
    taken(item) {
      level -= flow.sizeOf(item)
      if (!paused || level >= flow.resumeBelow) return
      paused = false
      flow.resume()
    },
  }
}
