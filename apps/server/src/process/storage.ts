import type { Clock, Metrics } from '@kav/core'
import { attempt } from '@kav/core/kit'

/**
 * The one way to the disk for what a process writes beside its calls. Node has four threads for files and name
 * look-ups together: were each call's file to wait in a thread of its own, a disk that hangs would take them all, and
 * with them every connection to a provider.
 *
 * Nobody waits here for ever. Who has waited for his limit is told so and goes on without; an operation that hangs in
 * the system keeps its place all the same, because it keeps a thread.
 */
export interface Storage {
  /** One operation in its turn. Rejects when too many wait already, and when it is not done within the limit. */
  run<T>(action: () => Promise<T>): Promise<T>
  /** The same for as long as `until` is not aborted, however slow the disk is. */
  runUntil<T>(until: AbortSignal, action: () => Promise<T>): Promise<T>
  /**
   * Closes what was opened before: done in its turn however late that is, and however much waits. Who asks is told as by
   * `run` when it takes too long.
   */
  letGo(action: () => Promise<void>): Promise<void>
  /** Operations that wait or run. */
  readonly pending: number
  /** Resolves with true when none is pending, with false after `limitMs`. */
  settled(limitMs: number): Promise<boolean>
}

export interface StorageOptions {
  readonly atATime?: number
  readonly maxPending?: number
  /** How long who asks waits for one operation, its turn included. */
  readonly limitMs?: number
  readonly clock?: Pick<Clock, 'after'>
  /** Gets `storage_given_up_total`: operations that were not done within their limit, or never begun. */
  readonly metrics?: Metrics
}

const AT_A_TIME = 2
/** Each is a call's file: more of them would be memory without end. */
const MAX_PENDING = 1000
/** A network disk that fails over comes back later than this; a call's record is not worth more of a wait. */
const LIMIT_MS = 10_000

const NODE_TIMERS: Pick<Clock, 'after'> = {
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Arms what ends the wait of one operation; returns what disarms it. */
type Watch = (giveUp: (why: string) => void) => () => void

export function createStorage(options: StorageOptions = {}): Storage {
  const { atATime = AT_A_TIME, maxPending = MAX_PENDING, limitMs = LIMIT_MS } = options
  const { clock = NODE_TIMERS, metrics } = options
  /** In the order they came. */
  const waiting = new Set<() => void>()
  const idle = new Set<() => void>()
  let running = 0

  function perform<T>(action: () => Promise<T>, watch: Watch, isOwed = false): Promise<T> {
    if (!isOwed && running + waiting.size >= maxPending) {
      metrics?.count('storage_given_up_total')
      return Promise.reject(new Error('storage is too slow: too much waits for it'))
    }
    return new Promise((resolve, reject) => {
      const disarm = watch((why) => {
        if (!isOwed) waiting.delete(begin)
        metrics?.count('storage_given_up_total')
        reject(new Error(why))
      })
      function begin(): void {
        void attempt(action)
          .then(resolve, reject)
          .finally(() => {
            disarm()
            leave()
          })
      }
      if (running >= atATime) return void waiting.add(begin)
      running++
      begin()
    })
  }

  /** Who leaves hands the place over. */
  function leave(): void {
    const [next] = waiting
    if (next) {
      waiting.delete(next)
      return next()
    }
    running--
    if (running === 0) for (const resolve of idle) resolve()
  }

  const inTime: Watch = (giveUp) =>
    clock.after(limitMs, () => giveUp(`storage is too slow: not done within ${limitMs} ms`))

  return {
    run: (action) => perform(action, inTime),
    letGo: (action) => perform(action, inTime, true),
    runUntil: (until, action) => perform(action, (giveUp) => onAbort(until, () => giveUp('given up'))),
    get pending() {
      return running + waiting.size
    },
    settled(waitMs) {
      if (running === 0) return Promise.resolve(true)
      return new Promise((resolve) => {
        const settle = (all: boolean) => (): void => {
          cancel()
          idle.delete(done)
          resolve(all)
        }
        const done = settle(true)
        const cancel = clock.after(waitMs, settle(false))
        idle.add(done)
      })
    },
  }
}

function onAbort(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) {
    // Not before the caller has what disarms it.
    queueMicrotask(act)
    return () => undefined
  }
  signal.addEventListener('abort', act, { once: true })
  return () => signal.removeEventListener('abort', act)
}
