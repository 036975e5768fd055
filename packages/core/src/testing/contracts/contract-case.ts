import { AssertionError } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import { catchStrayErrors } from './stray-errors.ts'

/**
 * One sentence of a contract, checked. For any test runner: `for (const c of cases) it(c.name, c.run, c.timeoutMs)`.
 */
export interface ContractCase {
  /** The behaviour, as a sentence. */
  readonly name: string
  /** Rejects with an `AssertionError` that says what was expected and what happened. Needs no `this`. */
  run(): Promise<void>
  /** A time in which the case is surely over, right or wrong. */
  readonly timeoutMs: number
}

/** What every suite is told. */
export interface ContractOptions<Provider> {
  /** A fresh provider on every call, ready to be used. */
  create(): Provider | Promise<Provider>
  /**
   * A provider that cannot succeed (a server that refuses, a wrong key, a missing file). Present: cases that check
   * that faults are `ProviderError`s and harm nobody else.
   */
  createFailing?(): Provider | Promise<Provider>
  /**
   * `false`: cases share one provider where they can, for engines that take long to load; run them in order and all
   * of them, since the last one closes it. Default `true`: a fresh provider for every case.
   */
  readonly isolated?: boolean
  /** The longest any one step may take before it counts as hanging. Default 15 s: a slow machine is no fault. */
  readonly stepTimeoutMs?: number
  /** How soon after an abort or a close things must be quiet. Default 3 s. */
  readonly promptMs?: number
  /** How long sockets and timers may take to disappear after everything was closed. Default 8 s: `fetch` keeps idle ones for 4. */
  readonly settleMs?: number
}

export function fail(message: string): never {
  throw new AssertionError({ message })
}

/** `condition`, or an error that says what was expected and what happened. */
export function expect(condition: boolean, expected: string, happened: string): asserts condition {
  if (!condition) fail(`expected ${expected}; ${happened}`)
}

/** A thrown value in one line. */
export function told(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
}

/** What a check threw stays; anything else is told as what went wrong with `expected`. */
function asAssertion(thrown: unknown, expected: string): AssertionError {
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

/** A suite under way: how cases get their provider and what they may ask of time. */
export interface Suite<Provider extends { close(): Promise<void> }> {
  readonly stepMs: number
  readonly promptMs: number
  readonly settleMs: number
  /** A case on a provider; the provider is closed afterwards unless it is shared. */
  on(name: string, body: (provider: Provider) => Promise<void>): ContractCase
  /** A case on a provider of its own, whatever `isolated` says. */
  onFresh(name: string, body: (provider: Provider) => Promise<void>): ContractCase
  /** A case on a provider that cannot succeed. */
  onFailing(name: string, body: (provider: Provider) => Promise<void>): ContractCase
  /** A case that makes its own providers. */
  alone(name: string, body: () => Promise<void>): ContractCase
  /** The case that must come last. */
  last(name: string): ContractCase
}

export function createSuite<Provider extends { close(): Promise<void> }>(
  options: ContractOptions<Provider>,
): Suite<Provider> {
  const stepMs = options.stepTimeoutMs ?? 15_000
  const isolated = options.isolated ?? true
  let shared: Promise<Provider> | undefined

  function alone(name: string, body: () => Promise<void>): ContractCase {
    const run = async () => {
      try {
        await catchStrayErrors(body)
      } catch (thrown) {
        throw asAssertion(thrown, 'every call to succeed')
      }
    }
    return { name, timeoutMs: stepMs * 4, run }
  }

  async function use(make: () => Provider | Promise<Provider>, body: (provider: Provider) => Promise<void>) {
    const provider = await within(Promise.resolve(make()), stepMs, 'create to give a provider')
    try {
      await body(provider)
    } finally {
      await within(provider.close(), stepMs, 'provider.close to resolve')
    }
  }

  return {
    stepMs,
    promptMs: options.promptMs ?? 3000,
    settleMs: options.settleMs ?? 8000,
    alone,
    on(name, body) {
      return alone(name, async () => {
        if (isolated) return use(() => options.create(), body)
        shared ??= Promise.resolve(options.create())
        return body(await shared)
      })
    },
    onFresh: (name, body) => alone(name, () => use(() => options.create(), body)),
    onFailing: (name, body) => alone(name, () => use(() => options.createFailing!(), body)),
    last(name) {
      return alone(name, async () => {
        const provider = await (shared ?? options.create())
        shared = undefined
        await within(provider.close(), stepMs, 'provider.close to resolve')
        await within(provider.close(), stepMs, 'provider.close to resolve when called again')
      })
    },
  }
}
