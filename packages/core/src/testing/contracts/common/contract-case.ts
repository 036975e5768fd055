import { AssertionError } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import { isProviderError } from '../../../contracts/errors.ts'
import { placeOutside } from './place-outside.ts'

/**
 * One sentence of a contract, checked. For any test runner: `for (const c of cases) it(c.name, c.run, c.timeoutMs)`.
 */
export interface ContractCase {
  /** The behaviour, as a sentence. */
  readonly name: string
  /** The promises of the contract that it is a proof of, `stt.lent`; `docs/contract-suites.md` lists them all. */
  readonly proves: readonly string[]
  /** Rejects with an `AssertionError` that says what was expected and what happened. Needs no `this`. */
  run(): Promise<void>
  /** A time in which the case is surely over, right or wrong. */
  readonly timeoutMs: number
}

export function fail(message: string): never {
  throw new AssertionError({ message })
}

/** `condition`, or an error that says what was expected and what happened. */
export function expect(condition: boolean, expected: string, happened: string): asserts condition {
  if (!condition) fail(`expected ${expected}; ${happened}`)
}

/** A thrown value in one line; of a mistake in the code of a plugin with its place. */
export function told(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const place = isProviderError(thrown) ? undefined : placeOutside(thrown)
  return `${thrown.name}: ${thrown.message}${place === undefined ? '' : ` (at ${place})`}`
}

/** What a check threw stays; anything else is told as what went wrong with `expected`. */
export function asAssertion(thrown: unknown, expected: string): AssertionError {
  if (thrown instanceof AssertionError) return thrown
  const error = new AssertionError({ message: `expected ${expected}; it threw ${told(thrown)}` })
  error.cause = thrown
  return error
}

/** The promise's result, or an error once it has not settled in `ms`. */
export async function within<T>(promise: PromiseLike<T>, ms: number, what: string): Promise<T> {
  const stop = new AbortController()
  const late = sleep(ms, 'late' as const, { signal: stop.signal }).then(() =>
    fail(`expected ${what} within ${ms} ms; it did not happen`),
  )
  late.catch(() => {})
  try {
    return await Promise.race([promise, late])
  } catch (thrown) {
    throw asAssertion(thrown, what)
  } finally {
    stop.abort()
  }
}

/** Waits until `condition` holds, looking again every few milliseconds. */
export async function until(
  condition: () => boolean,
  ms: number,
  what: string | (() => string),
): Promise<void> {
  const deadline = performance.now() + ms
  while (!condition()) {
    if (performance.now() > deadline) {
      fail(`expected ${typeof what === 'string' ? what : what()} within ${ms} ms; it did not happen`)
    }
    await sleep(5)
  }
}

/** A turn of the event loop in which every promise chain that can move has moved. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
