import type { Clock } from '../contracts/clock.ts'
import { asError, ProviderError } from '../contracts/errors.ts'
import { attempt } from './attempt.ts'
import { catchPromised } from './promised-nothing.ts'
import { runMs } from './run-ms.ts'

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

/** What is wrong with an item, if anything: the iteration ends with it, as if the source had thrown it. */
export type ItemFault<T> = (item: T) => ProviderError | undefined

/**
 * The items of a provider's stream, with a deadline for each: `firstMs` for the first, `idleMs` for each later one,
 * which does not run before `idleFrom` resolves. Only the time in which an item is asked for counts.
 * Throws a `timeout` ProviderError when one is missed; ends quietly as soon as `signal` aborts. Either way the
 * source is told to stop, and never waited for.
 */
export function timedIteration<T>(
  source: AsyncIterable<T>,
  limits: IterationLimits,
  faultOf?: ItemFault<T>,
): AsyncIterableIterator<T, undefined> {
  return new TimedIteration(source, limits, faultOf)
}

/**
 * The items of a provider's stream that may be silent for as long as it likes. Everything else is `timedIteration`'s:
 * a source that never pauses leaves the event loop its turns, and one that does not let itself be stopped holds up
 * nobody. A bare `for await` over what a plugin gave does neither.
 */
export function untimedIteration<T>(
  source: AsyncIterable<T>,
  limits: Pick<IterationLimits, 'clock' | 'what'> & { readonly signal?: AbortSignal },
): AsyncIterableIterator<T, undefined> {
  const { clock, what, signal } = limits
  return new TimedIteration(source, { clock, what, signal, firstMs: Infinity, idleMs: Infinity }, undefined)
}

/** As the iteration has them: one that nobody aborts has no signal. */
type OwnLimits = Omit<IterationLimits, 'signal'> & { readonly signal: AbortSignal | undefined }

type Step<T> = IteratorResult<T, undefined>

/** Items that come without a pause keep the event loop from everything else: after so many the others have a turn. */
const ITEMS_A_TURN = 256
const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** A class, not a generator: a voice has a chunk many times a second, and one timer serves all of them. */
class TimedIteration<T> implements AsyncIterableIterator<T, undefined> {
  readonly #source: AsyncIterable<T>
  readonly #limits: OwnLimits
  readonly #faultOf: ItemFault<T> | undefined
  #iterator: AsyncIterator<T> | undefined
  #first = true
  #items = 0
  #over = false
  /** Whoever asked for the next item. */
  #resolve: ((step: Step<T>) => void) | undefined
  #reject: (error: Error) => void = () => undefined
  /** When the item that is asked for is late, in time the process ran; `Infinity`: never yet. */
  #lateMs = Infinity
  #timerMs = Infinity
  #cancelTimer: () => void = () => undefined
  #mayIdle: boolean

  constructor(source: AsyncIterable<T>, limits: OwnLimits, faultOf: ItemFault<T> | undefined) {
    this.#source = source
    this.#limits = limits
    this.#faultOf = faultOf
    this.#mayIdle = limits.idleFrom === undefined
    void limits.idleFrom?.then(() => {
      this.#mayIdle = true
      if (this.#resolve && !this.#first) this.#expectWithin(limits.idleMs)
    })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Step<T>> {
    if (this.#over || this.#limits.signal?.aborted) {
      this.#end()
      return Promise.resolve(DONE)
    }
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      if (this.#first) this.#expectWithin(this.#limits.firstMs)
      else if (this.#mayIdle) this.#expectWithin(this.#limits.idleMs)
      if (++this.#items % ITEMS_A_TURN === 0) setImmediate(this.#ask)
      else this.#ask()
    })
  }

  readonly #ask = (): void => {
    if (!this.#over) attempt(() => this.#begun().next()).then(this.#came, this.#failed)
  }

  return(): Promise<Step<T>> {
    this.#end()
    return Promise.resolve(DONE)
  }

  #begun(): AsyncIterator<T> {
    if (!this.#iterator) {
      this.#limits.signal?.addEventListener('abort', this.#aborted)
      this.#iterator = iteratorOf(this.#source, this.#limits.what)
    }
    return this.#iterator
  }

  readonly #came = (step: IteratorResult<T>): void => {
    const resolve = this.#answered()
    if (!resolve) return
    const read = this.#read(step)
    if (read instanceof Error) {
      this.#end()
      this.#reject(read)
      return
    }
    if (read.done) this.#end(false)
    else this.#first = false
    resolve(read)
  }

  /** Read once and here: a step, and an item, may throw at whoever looks at it. */
  #read(step: IteratorResult<T>): Step<T> | Error {
    try {
      if (!isStep(step)) return new ProviderError('bad-data', `${this.#limits.what}: its stream gave no step`)
      if (step.done) return DONE
      const { value } = step
      return this.#faultOf?.(value) ?? { done: false, value }
    } catch (thrown) {
      return asError(thrown)
    }
  }

  readonly #failed = (thrown: unknown): void => {
    if (!this.#answered()) return
    this.#end()
    this.#reject(asError(thrown))
  }

  readonly #aborted = (): void => {
    const resolve = this.#answered()
    this.#end()
    resolve?.(DONE)
  }

  /** Nobody waits any more. Returns who did. */
  #answered(): ((step: Step<T>) => void) | undefined {
    const resolve = this.#resolve
    this.#resolve = undefined
    this.#lateMs = Infinity
    return resolve
  }

  #expectWithin(limitMs: number): void {
    const { clock } = this.#limits
    this.#lateMs = runMs(clock) + limitMs
    // A timer that is set already looks again when it fires.
    if (this.#timerMs <= this.#lateMs) return
    this.#cancelTimer()
    this.#setTimer(limitMs)
  }

  #setTimer(inMs: number): void {
    const { clock, what } = this.#limits
    this.#timerMs = runMs(clock) + inMs
    this.#cancelTimer = clock.after(inMs, () => {
      this.#timerMs = Infinity
      if (!this.#resolve || this.#lateMs === Infinity) return
      const leftMs = this.#lateMs - runMs(clock)
      if (leftMs > 0) return this.#setTimer(leftMs)
      const limitMs = this.#first ? this.#limits.firstMs : this.#limits.idleMs
      this.#failed(new ProviderError('timeout', `${what}: nothing for ${limitMs} ms`))
    })
  }

  /** Nothing more will come. Unless it ended by itself, the source is told. */
  #end(tellSource = true): void {
    if (this.#over) return
    this.#over = true
    this.#cancelTimer()
    this.#limits.signal?.removeEventListener('abort', this.#aborted)
    if (tellSource && this.#iterator) void stopSource(this.#iterator)
  }
}

/** Throws for what is no stream: `async` without the asterisk gives the promise of one. */
export function iteratorOf<T>(source: AsyncIterable<T>, what: string): AsyncIterator<T> {
  const given: unknown = source
  if (typeof given === 'object' && given !== null && Symbol.asyncIterator in given) {
    return source[Symbol.asyncIterator]()
  }
  catchPromised(given, () => undefined)
  throw new ProviderError('bad-data', `${what}: gave no stream of items (async without the asterisk?)`)
}

function isStep(given: unknown): boolean {
  return typeof given === 'object' && given !== null
}

/** Tells a source to stop. Whether it does, and when, nobody waits for. */
export async function stopSource(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.()
  } catch {
    // Its outcome was decided already.
  }
}
