import type { Clock } from '../contracts/clock.ts'
import { asError, ProviderError } from '../contracts/errors.ts'

/** Resolves after `delayMs`, or as soon as `signal` aborts. */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = (): void => {
      cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(delayMs, done)
    signal?.addEventListener('abort', done)
  })
}

/**
 * The promise's outcome, or a `timeout` ProviderError after `limitMs`, or a `cancelled` one as soon as `signal`
 * aborts. The promise itself goes on.
 */
export function withDeadline<T>(
  clock: Clock,
  limitMs: number,
  doing: string,
  promise: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      cancel()
      signal?.removeEventListener('abort', aborted)
      outcome()
    }
    const fail = (error: Error): void => settle(() => reject(error))
    const aborted = (): void => fail(new ProviderError('cancelled', `${doing}: cancelled`))
    const cancel = clock.after(limitMs, () =>
      fail(new ProviderError('timeout', `${doing}: no answer within ${limitMs} ms`)),
    )
    promise.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => fail(asError(error)),
    )
    if (signal?.aborted) aborted()
    else signal?.addEventListener('abort', aborted)
  })
}

/** Waits for a clean-up that must not hold anything up: it may be slow, and its failure is told, at the most. */
export async function settleWithin(
  clock: Clock,
  limitMs: number,
  promise: Promise<unknown>,
  onFailure: (thrown: unknown) => void = () => undefined,
): Promise<void> {
  const settled = Promise.resolve(promise).catch(onFailure)
  await withDeadline(clock, limitMs, 'clean-up', settled).catch(() => undefined)
}
