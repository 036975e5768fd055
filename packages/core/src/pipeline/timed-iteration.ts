import type { Clock } from '../contracts/clock.ts'
import { ProviderError } from '../contracts/errors.ts'

/**
 * The items of a provider's stream, with a deadline for each: `firstMs` for the first, `idleMs` for each later one.
 * Throws a `timeout` ProviderError when one is missed; ends quietly as soon as `signal` aborts. Either way the
 * source is told to stop, and never waited for.
 */
export async function* timedIteration<T>(
  source: AsyncIterable<T>,
  limits: { clock: Clock; firstMs: number; idleMs: number; what: string; signal: AbortSignal },
): AsyncGenerator<T> {
  const { clock, signal } = limits
  const iterator = source[Symbol.asyncIterator]()
  let limitMs = limits.firstMs
  let finished = false
  try {
    while (!signal.aborted) {
      const next = await nextWithin(iterator, clock, limitMs, limits.what, signal)
      if (next === 'aborted') return
      if (next.done) {
        finished = true
        return
      }
      yield next.value
      limitMs = limits.idleMs
    }
  } finally {
    if (!finished) void stopSource(iterator)
  }
}

function nextWithin<T>(
  iterator: AsyncIterator<T>,
  clock: Clock,
  limitMs: number,
  what: string,
  signal: AbortSignal,
): Promise<IteratorResult<T> | 'aborted'> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => settle(() => resolve('aborted'))
    const cancel = clock.after(limitMs, () =>
      settle(() => reject(new ProviderError('timeout', `${what}: nothing for ${limitMs} ms`))),
    )
    const settle = (outcome: () => void): void => {
      cancel()
      signal.removeEventListener('abort', aborted)
      outcome()
    }
    signal.addEventListener('abort', aborted)
    nextOf(iterator).then(
      (result) => settle(() => resolve(result)),
      (error: unknown) => settle(() => reject(error instanceof Error ? error : new Error(String(error)))),
    )
  })
}

/** A source that throws synchronously is one that rejects. */
async function nextOf<T>(iterator: AsyncIterator<T>): Promise<IteratorResult<T>> {
  return iterator.next()
}

async function stopSource(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.()
  } catch {
    // Its outcome was decided already.
  }
}
