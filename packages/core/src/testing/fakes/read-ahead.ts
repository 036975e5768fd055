import { createPushQueue } from '../../kit/push-queue.ts'

/** The items of a source, taken from it as soon as it has them; `onItem` and `onEnd` tell of that. */
export async function* readAhead<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
  onItem: (item: T) => void,
  onEnd: () => void,
): AsyncGenerator<T> {
  const ahead = createPushQueue<T>()
  const read = async (): Promise<void> => {
    for await (const item of source) {
      onItem(item)
      ahead.push(item)
    }
    onEnd()
  }
  const stop = (): void => ahead.discard()
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  const end = (): void => ahead.end()
  read().then(end, end)
  try {
    yield* ahead.items
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
