import { asProviderError, type ProviderError } from '../contracts/errors.ts'
import { RANK } from './provider-health.ts'
import type { ProviderInstance } from './provider-instance.ts'
import type { Trial } from './breaker.ts'

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
  /** Nothing more comes of this one, however it went; `whole`: it came to its end. */
  onOver?(instance: ProviderInstance<Provider>, error: ProviderError | undefined, whole: boolean): void
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

export function createInOrder<Provider>(on: FallbackHandlers): InOrder<Provider> {
  return new Sequence(on)
}

export interface FallbackHandlers {
  readonly fallback: (fallback: ProviderFallback) => void
  /** One that is down was not asked, since another is well. */
  readonly passedOver: (by: { from: string; to: string }) => void
}

class Sequence<Provider> implements InOrder<Provider> {
  readonly #on: FallbackHandlers
  /** Waited for in vain by this call. */
  #waitedFor: readonly ProviderInstance<Provider>[] = []

  constructor(on: FallbackHandlers) {
    this.#on = on
  }

  first(instances: readonly ProviderInstance<Provider>[]): ProviderInstance<Provider> | undefined {
    return this.#choose(instances, [])
  }

  async *stream<Item>(
    instances: readonly ProviderInstance<Provider>[],
    request: InOrderRequest<Provider, Item>,
  ): AsyncGenerator<Item> {
    const tried: ProviderInstance<Provider>[] = []
    let instance = this.#choose(instances, tried)
    if (instance) this.#tellPassedOver(instances, instance)
    while (instance) {
      tried.push(instance)
      const attempt: Attempt<Provider, Item> = new Attempt(instance, request)
      try {
        for await (const item of attempt.ask()) {
          attempt.heard(item)
          yield item
        }
        attempt.ended()
      } catch (thrown) {
        attempt.failed(thrown)
      } finally {
        attempt.over()
      }
      const { error } = attempt
      if (!error) return
      instance = this.#nextAfter(attempt, error, instances, tried)
    }
  }

  #choose(
    instances: readonly ProviderInstance<Provider>[],
    tried: readonly ProviderInstance<Provider>[],
  ): ProviderInstance<Provider> | undefined {
    const left = instances.filter((instance) => !tried.includes(instance))
    const fresh = left.filter((instance) => !(this.#waitedFor.includes(instance) && isDown(instance)))
    // Nothing at all is worse than waiting once more.
    return best(fresh.length > 0 || tried.length > 0 ? fresh : left)
  }

  /** Who is asked next; throws when it stays with this failure. */
  #nextAfter(
    { instance, begun }: { instance: ProviderInstance<Provider>; begun: boolean },
    error: ProviderError,
    instances: readonly ProviderInstance<Provider>[],
    tried: readonly ProviderInstance<Provider>[],
  ): ProviderInstance<Provider> {
    const others = this.#waitedFor.filter((one) => one !== instance)
    this.#waitedFor = error.class === 'timeout' ? [...others, instance] : others
    const next = begun ? undefined : this.#choose(instances, tried)
    if (!next) throw error
    this.#on.fallback({ from: instance.name, to: next.name, error })
    return next
  }

  #tellPassedOver(
    instances: readonly ProviderInstance<Provider>[],
    chosen: ProviderInstance<Provider>,
  ): void {
    for (const instance of instances) {
      if (instance === chosen) return
      this.#on.passedOver({ from: instance.name, to: chosen.name })
    }
  }
}

/** The answer of one provider, as far as it has come. */
class Attempt<Provider, Item> {
  readonly instance: ProviderInstance<Provider>
  begun = false
  /** Why it failed, if it did. */
  error: ProviderError | undefined
  readonly #request: InOrderRequest<Provider, Item>
  readonly #trial: Trial
  readonly #abort = new AbortController()
  readonly #onAbort = (): void => this.#abort.abort()
  #last: Item | undefined
  #whole = false

  constructor(instance: ProviderInstance<Provider>, request: InOrderRequest<Provider, Item>) {
    this.instance = instance
    this.#request = request
    this.#trial = instance.healthOf().begin()
    if (request.signal.aborted) this.#onAbort()
    else request.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  ask(): AsyncIterable<Item> {
    return this.#request.ask(this.instance, this.#abort.signal)
  }

  heard(item: Item): void {
    if (!this.begun && (this.#request.begins?.(item) ?? true)) {
      this.begun = true
      this.#trial.succeeded()
      this.#request.onBegin?.(this.instance)
    }
    this.#last = item
    this.#whole = this.#request.ends?.(item) ?? false
  }

  ended(): void {
    this.#whole = true
    const wrong = this.#request.signal.aborted ? undefined : this.#request.fault?.(this.#last)
    if (wrong) throw wrong
  }

  failed(thrown: unknown): void {
    const error = asProviderError(thrown, this.instance.name)
    if (this.#request.signal.aborted) throw error
    this.#trial.failed(error)
    this.error = error
  }

  over(): void {
    this.#trial.abandoned()
    this.#request.signal.removeEventListener('abort', this.#onAbort)
    // A request that missed its deadline, or whose answer nobody wants any more, is still open at the provider.
    const whole = this.#whole && !this.error
    if (!this.#whole) this.#onAbort()
    this.#request.onOver?.(this.instance, this.error, whole)
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
  return instance.healthOf().rank()
}

function isDown(instance: ProviderInstance<unknown>): boolean {
  return rankOf(instance) !== RANK.well
}
