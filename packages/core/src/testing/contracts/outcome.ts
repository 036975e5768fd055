import { ProviderError } from '../../contracts/index.ts'
import { fail } from './contract-case.ts'

/** How a promise settled; never rejects. */
export interface Outcome<T> {
  readonly value: T | undefined
  readonly error: unknown
}

export async function settled<T>(promise: PromiseLike<T>): Promise<Outcome<T>> {
  try {
    return { value: await promise, error: undefined }
  } catch (error) {
    return { value: undefined, error }
  }
}

/** Faults are `ProviderError`s; a plain `AbortError` counts as `cancelled`, as it does in the core. */
export function expectProviderError(error: unknown, doing: string): void {
  if (error instanceof ProviderError || (error instanceof Error && error.name === 'AbortError')) return
  // Two copies of the core in one process: the name is what is left to go by.
  if (error instanceof Error && error.name === 'ProviderError') return
  fail(
    `expected ${doing} a ProviderError; it was ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
  )
}

/** After an abort an iteration may end silently or with `cancelled`, with nothing else. */
export function expectQuietEnd(error: unknown, doing: string): void {
  if (error === undefined) return
  expectProviderError(error, doing)
  if (error instanceof ProviderError && error.class !== 'cancelled') {
    fail(`expected ${doing} nothing or "cancelled" after an abort; it was "${error.class}": ${error.message}`)
  }
}
