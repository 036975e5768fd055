import { AssertionError } from 'node:assert'
import { isProviderError } from '../../../contracts/index.ts'
import { fail, told, within } from './contract-case.ts'

/** How a promise settled. */
export interface Outcome<T> {
  readonly value: T | undefined
  readonly error: unknown
}

/** Never rejects. `error` is what the provider threw, also where a step of the suite has put it into words. */
export async function settled<T>(promise: PromiseLike<T>): Promise<Outcome<T>> {
  try {
    return { value: await promise, error: undefined }
  } catch (error) {
    const inWords = error instanceof AssertionError && error.cause !== undefined
    return { value: undefined, error: inWords ? error.cause : error }
  }
}

/** Reads to the end and throws away. */
export async function drain(iterator: AsyncIterator<unknown>): Promise<void> {
  let step = await iterator.next()
  while (step.done !== true) step = await iterator.next()
}

/** Reads the first of it, and goes. */
export async function leave(iterator: AsyncIterator<unknown>): Promise<void> {
  await iterator.next()
  await iterator.return?.()
}

/** Faults are `ProviderError`s; a plain `AbortError` counts as `cancelled`, as it does in the core. */
export function expectProviderError(error: unknown, doing: string): void {
  if (isProviderError(error) || (error instanceof Error && error.name === 'AbortError')) return
  fail(`expected ${doing} a ProviderError; it was ${told(error)}`)
}

/** Whether it throws or rejects within `ms`; with anything but a `ProviderError` is a fault. */
export function refuses(expected: string, work: () => Promise<void> | void, ms: number): Promise<boolean> {
  const refused = (async () => work())().then(
    () => false,
    (thrown: unknown) => {
      expectProviderError(thrown, expected)
      return true
    },
  )
  return within(refused, ms, 'it to settle')
}

/** What was aborted may end silently or with `cancelled`, with nothing else: a fault would have it tried again. */
export function expectQuietEnd(error: unknown, doing: string): void {
  if (error === undefined) return
  expectProviderError(error, doing)
  if (isProviderError(error) && error.class !== 'cancelled') {
    fail(`expected ${doing} nothing or "cancelled" after an abort; it was "${error.class}": ${error.message}`)
  }
}

/** A fault is a `ProviderError` that nobody asked for: not `cancelled`. */
export function expectFault(error: unknown, doing: string): void {
  expectProviderError(error, doing)
  if (isProviderError(error) && error.class !== 'cancelled') return
  fail(`expected ${doing} a fault; it was told as cancelled: ${told(error)}`)
}
