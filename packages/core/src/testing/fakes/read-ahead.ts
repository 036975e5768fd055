/** The items of a source, taken from it as soon as it has them; `onItem` and `onEnd` tell of that. */
export async function* readAhead<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
  onItem: (item: T) => void,
  onEnd: () => void,
): AsyncGenerator<T> {
  const ahead: T[] = []
  let over = false
  let wake = (): void => undefined
  const read = async (): Promise<void> => {
    for await (const item of source) {
      onItem(item)
      ahead.push(item)
      wake()
    }
    onEnd()
  }
  const stop = (): void => {
    over = true
    wake()
  }
  signal.addEventListener('abort', stop, { once: true })
  read().then(stop, stop)
  try {
    while (ahead.length > 0 || !over) {
      if (ahead.length > 0) yield ahead.shift()!
      else await new Promise<void>((resolve) => (wake = resolve))
      if (signal.aborted) return
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
