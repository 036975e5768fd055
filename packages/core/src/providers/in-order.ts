import { asProviderError, type ProviderError } from '../contracts/errors.ts'
import { RANK } from './provider-health.ts'
import type { ProviderInstance } from './provider-instance.ts'

/** A provider failed before it began, and the next one is asked. */
export interface ProviderFallback {
  readonly from: string
  readonly to: string
  readonly error: ProviderError
}

export interface InOrderRequest<Provider, Item> {
  /** Asks one provider. Holds its own deadlines; once `signal` aborts, the request ends at the provider. */
  ask(instance: ProviderInstance<Provider>, signal: AbortSignal): AsyncIterable<Item>
  /** Whether with this item the provider has begun. Absent: any item. */
  begins?(item: Item): boolean
  /** Whether nothing comes after this item: the answer is whole, though nobody takes it to its end. */
  ends?(item: Item): boolean
  /** What is wrong with an answer that ended after `last` (`undefined`: without any item). */
  fault?(last: Item | undefined): ProviderError | undefined
  /** The provider has begun: the answer is this one's. */
  onBegin?(instance: ProviderInstance<Provider>): void
  readonly signal: AbortSignal
}

/**
 * Several providers as one, for one call: the first that is well answers; the next one when it fails, or hangs, before
 * it has begun. **What was begun is not begun again by another.** What the process knows of them (`ProviderHealth`)
 * decides who is tried last, and learns from every outcome.
 *
 * A call does not wait a second time for a provider that hung while another is left. When all are down the best is
 * tried all the same: nothing is refused because of what is remembered.
 */
export interface InOrder<Provider> {
  /** Who would be asked now; `undefined` of none. */
  first(instances: readonly ProviderInstance<Provider>[]): ProviderInstance<Provider> | undefined
  /** Throws the last `ProviderError`; once the signal aborts it ends, quietly or with `cancelled`. */
  stream<Item>(
    instances: readonly ProviderInstance<Provider>[],
    request: InOrderRequest<Provider, Item>,
  ): AsyncGenerator<Item>
}

export function createInOrder<Provider>(on: {
  fallback: (fallback: ProviderFallback) => void
  /** One that is down was not asked, since another is well. */
  passedOver: (by: { from: string; to: string }) => void
}): InOrder<Provider> {
  type Instance = ProviderInstance<Provider>
  /** Waited for in vain by this call. */
  const waitedFor = new Set<Instance>()

  function choose(instances: readonly Instance[], tried: ReadonlySet<Instance>): Instance | undefined {
    const left = instances.filter((instance) => !tried.has(instance))
    const fresh = left.filter((instance) => !(waitedFor.has(instance) && isDown(instance)))
    // Nothing at all is worse than waiting once more.
    return best(fresh.length > 0 || tried.size > 0 ? fresh : left)
  }

  async function* stream<Item>(
    instances: readonly Instance[],
    request: InOrderRequest<Provider, Item>,
  ): AsyncGenerator<Item> {
    const tried = new Set<Instance>()
    let chosen = choose(instances, tried)
    if (chosen) tellPassedOver(instances, chosen)
    while (chosen) {
      const instance = chosen
      tried.add(instance)
      const attempt = yield* attemptWith(instance, request)
      if (!attempt) return
      if (attempt.error.class === 'timeout') waitedFor.add(instance)
      else waitedFor.delete(instance)
      chosen = attempt.begun ? undefined : choose(instances, tried)
      if (!chosen) throw attempt.error
      on.fallback({ from: instance.name, to: chosen.name, error: attempt.error })
    }
  }

  function tellPassedOver(instances: readonly Instance[], chosen: Instance): void {
    for (const instance of instances) {
      if (instance === chosen) return
      on.passedOver({ from: instance.name, to: chosen.name })
    }
  }

  return { first: (instances) => choose(instances, new Set()), stream }
}

/** Yields the answer of one provider, and returns why it failed, if it did. */
async function* attemptWith<Provider, Item>(
  instance: ProviderInstance<Provider>,
  request: InOrderRequest<Provider, Item>,
): AsyncGenerator<Item, { error: ProviderError; begun: boolean } | undefined> {
  const { signal } = request
  const trial = instance.healthOf().begin()
  const abort = new AbortController()
  const onAbort = (): void => abort.abort()
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  let begun = false
  let last: Item | undefined
  let whole = false
  try {
    for await (const item of request.ask(instance, abort.signal)) {
      if (!begun && (request.begins?.(item) ?? true)) {
        begun = true
        trial.succeeded()
        request.onBegin?.(instance)
      }
      last = item
      whole = request.ends?.(item) ?? false
      yield item
    }
    whole = true
    const wrong = signal.aborted ? undefined : request.fault?.(last)
    if (wrong) throw wrong
    return undefined
  } catch (thrown) {
    const error = asProviderError(thrown, instance.name)
    if (signal.aborted) throw error
    trial.failed(error)
    return { error, begun }
  } finally {
    trial.abandoned()
    signal.removeEventListener('abort', onAbort)
    // A request that missed its deadline, or whose answer nobody wants any more, is still open at the provider.
    if (!whole) onAbort()
  }
}

function best<Provider>(
  instances: readonly ProviderInstance<Provider>[],
): ProviderInstance<Provider> | undefined {
  return instances.reduce<ProviderInstance<Provider> | undefined>(
    (found, next) => (found && rankOf(found) <= rankOf(next) ? found : next),
    undefined,
  )
}

function rankOf(instance: ProviderInstance<unknown>): number {
  return instance.healthOf().rank
}

function isDown(instance: ProviderInstance<unknown>): boolean {
  return rankOf(instance) !== RANK.well
}
