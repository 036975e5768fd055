/** Requests to stop, in the order they came: the first drains, the second hangs up, the third ends the process. */
export interface StopSignals {
  /** The next request, or the oldest that nobody has taken yet. */
  next(): Promise<string>
  /** A request of the process's own. */
  raise(why: string): void
  close(): void
}

/** A terminal that closes is a reason to stop like any other: calls must not be cut for it. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/**
 * The signals are heard until `close`: were they let go in between, one that came just then would end the process
 * on the spot.
 */
export function listenForStop(): StopSignals {
  const come: string[] = []
  const waiting: ((why: string) => void)[] = []

  function raise(why: string): void {
    const first = waiting.shift()
    if (first) first(why)
    else come.push(why)
  }

  for (const signal of SIGNALS) process.on(signal, raise)
  return {
    next() {
      const why = come.shift()
      return why === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(why)
    },
    raise,
    close() {
      for (const signal of SIGNALS) process.off(signal, raise)
    },
  }
}
