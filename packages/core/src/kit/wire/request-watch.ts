import type { Clock } from '../../contracts/clock.ts'
import { ProviderError } from '../../contracts/errors.ts'
import { attempt } from '../attempt.ts'
import { followSignals } from '../link-signals.ts'
import { untilAborted } from '../until-aborted.ts'

export interface WatchLimits {
  /** What is being done, for the message: `reply from api.openai.com`. */
  readonly doing: string
  /** From the start of the request to `arrived`. An SDK's own limit ends at the headers. */
  readonly firstMs: number
  /** Between two pieces once the answer has begun, counted only while one is being waited for. */
  readonly idleMs: number
}

/**
 * The deadlines of one request. A passed deadline aborts the request; `fault` then says which it was.
 * `end` must be called whatever happens: it aborts what is still open and lets go of the outer signals.
 */
export interface RequestWatch {
  /** For the request: aborts with the caller's signal, at a deadline, and at `end`. */
  readonly signal: AbortSignal
  /** The answer has begun in a way that counts (first text, first audio): the first deadline is met. */
  arrived(): void
  /**
   * Passes the pieces on, and holds each wait to the idle limit. Throws once `signal` is aborted, whatever the source
   * does: the body of a `fetch` that has come whole, and was not read to its end, never settles after an abort.
   */
  pieces<T>(source: AsyncIterable<T>): AsyncGenerator<T, void>
  /** Shorter limit for what is left (the tail after the end of the answer). */
  limitIdle(idleMs: number): void
  /** The deadline that passed. */
  fault(): ProviderError | undefined
  end(): void
}

export function createRequestWatch(
  clock: Clock,
  outer: readonly AbortSignal[],
  limits: WatchLimits,
): RequestWatch {
  const controller = new AbortController()
  let fault: ProviderError | undefined
  let idleMs = limits.idleMs
  let waitingSinceMs: number | undefined
  let cancelIdle: (() => void) | undefined

  const abort = () => controller.abort()
  const letGo = followSignals(outer, abort)

  const expire = (message: string) => {
    fault ??= new ProviderError('timeout', `${limits.doing}: ${message}`)
    abort()
  }
  let cancelFirst: (() => void) | undefined = clock.after(limits.firstMs, () =>
    expire(`nothing came within ${limits.firstMs} ms; check the server's load and the first-answer timeout`),
  )

  // One timer that re-arms itself for what is left, instead of one for each piece.
  const armIdle = (delayMs: number) => {
    cancelIdle = clock.after(delayMs, () => {
      cancelIdle = undefined
      if (waitingSinceMs === undefined) return
      const leftMs = waitingSinceMs + idleMs - clock.nowMs()
      if (leftMs > 0.5) armIdle(leftMs)
      else expire(`the answer stalled for ${idleMs} ms; check the server's load and idle_timeout_ms`)
    })
  }
  const leave = (): never => {
    throw controller.signal.reason
  }
  const wait = () => {
    if (cancelFirst) return
    waitingSinceMs = clock.nowMs()
    if (!cancelIdle) armIdle(idleMs)
  }

  return {
    signal: controller.signal,
    arrived() {
      cancelFirst?.()
      cancelFirst = undefined
    },
    async *pieces(source) {
      const iterator = source[Symbol.asyncIterator]()
      let done = false
      try {
        for (;;) {
          wait()
          const next = await untilAborted(
            controller.signal,
            attempt(() => iterator.next()),
            leave,
          )
          waitingSinceMs = undefined
          if (next.done) {
            done = true
            return
          }
          yield next.value
        }
      } finally {
        waitingSinceMs = undefined
        // Nor is it waited for here.
        if (!done) void attempt(() => iterator.return?.()).catch(() => undefined)
      }
    },
    limitIdle(shorterMs) {
      idleMs = shorterMs
      cancelIdle?.()
      cancelIdle = undefined
    },
    fault: () => fault,
    end() {
      cancelFirst?.()
      cancelIdle?.()
      letGo()
      abort()
    },
  }
}
