import type { Clock } from '../contracts/clock.ts'
import { asError, ProviderError } from '../contracts/errors.ts'
import { attempt } from './attempt.ts'

export interface IterationLimits {
  readonly clock: Clock
  readonly firstMs: number
  readonly idleMs: number
  /** Absent: the idle deadline always runs. Never rejects. */
  readonly idleFrom?: Promise<void>
  /** Who is waited for, in the error's message. */
  readonly what: string
  readonly signal: AbortSignal
}

/**
 * The items of a provider's stream, with a deadline for each: `firstMs` for the first, `idleMs` for each later one,
 * which does not run before `idleFrom` resolves.
 * Throws a `timeout` ProviderError when one is missed; ends quietly as soon as `signal` aborts. Either way the
 * source is told to stop, and never waited for.
 */
export async function* timedIteration<T>(
  source: AsyncIterable<T>,
  limits: IterationLimits,
): AsyncGenerator<T> {
  const { signal } = limits
  const iterator = source[Symbol.asyncIterator]()
  let first = true
  let finished = false
  try {
    while (!signal.aborted) {
      const next = await nextWithin(iterator, limits, first)
      if (next === 'aborted') return
      if (next.done) {
        finished = true
        return
      }
      yield next.value
      first = false
    }
  } finally {
    if (!finished) void stopSource(iterator)
  }
}

function nextWithin<T>(
  iterator: AsyncIterator<T>,
  limits: IterationLimits,
  first: boolean,
): Promise<IteratorResult<T> | 'aborted'> {
  const { clock, signal, what, idleFrom } = limits
  const limitMs = first ? limits.firstMs : limits.idleMs
  return new Promise((resolve, reject) => {
    let settled = false
    let cancel = (): void => undefined
    const aborted = (): void => settle(() => resolve('aborted'))
    const arm = (): void => {
      if (settled) return
      cancel = clock.after(limitMs, () =>
        settle(() => reject(new ProviderError('timeout', `${what}: nothing for ${limitMs} ms`))),
      )
    }
    const settle = (outcome: () => void): void => {
      settled = true
      cancel()
      signal.removeEventListener('abort', aborted)
      outcome()
    }
    signal.addEventListener('abort', aborted)
    if (first || !idleFrom) arm()
    else void idleFrom.then(arm)
    attempt(() => iterator.next()).then(
      (result) => settle(() => resolve(result)),
      (error: unknown) => settle(() => reject(asError(error))),
    )
  })
}

async function stopSource(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.()
  } catch {
    // Its outcome was decided already.
  }
}
