import { AssertionError } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProviderError } from '@kav/core'
import type { RealtimeEvent, RealtimeSession } from '../realtime/realtime-contract.ts'

/** A session under test, its events read in the background. */
export interface Talk {
  readonly session: RealtimeSession
  readonly events: readonly RealtimeEvent[]
  /** Event `index` of this type, now or when it comes. */
  until<Type extends RealtimeEvent['type']>(
    type: Type,
    index?: number,
  ): Promise<Extract<RealtimeEvent, { type: Type }>>
  count(type: RealtimeEvent['type']): number
  /** Resolves when the events end; rejects with what they throw. */
  over(): Promise<void>
}

export function converse(session: RealtimeSession, stepMs: number): Talk {
  const events: RealtimeEvent[] = []
  let wake: () => void = () => undefined
  let ended = false
  const reading = (async () => {
    try {
      for await (const event of session.events) {
        events.push(event)
        wake()
      }
    } finally {
      ended = true
      wake()
    }
  })()
  reading.catch(() => undefined)

  async function find<T>(found: () => T | undefined, what: string): Promise<T> {
    for (;;) {
      const one = found()
      if (one !== undefined) return one
      if (ended) fail(`expected ${what}; the events ended without it`)
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }

  return {
    session,
    events,
    until: (type, index = 0) =>
      within(
        find(() => events.filter((event) => event.type === type)[index] as never, `"${type}"`),
        stepMs,
        `"${type}"`,
      ),
    count: (type) => events.filter((event) => event.type === type).length,
    over: () => reading,
  }
}

export function fail(message: string): never {
  throw new AssertionError({ message })
}

/** `condition`, or an error that says what was expected and what happened. */
export function expect(condition: boolean, expected: string, happened: string): asserts condition {
  if (!condition) fail(`expected ${expected}; ${happened}`)
}

/** The promise's result, or an error once it has not settled in `ms`. */
export async function within<T>(promise: PromiseLike<T>, ms: number, what: string): Promise<T> {
  const stop = new AbortController()
  const late = sleep(ms, undefined, { signal: stop.signal }).then(() =>
    fail(`expected ${what} within ${ms} ms; it did not happen`),
  )
  late.catch(() => undefined)
  try {
    return await Promise.race([promise, late])
  } finally {
    stop.abort()
  }
}

/** How a promise settled; never rejects. */
export async function settled<T>(
  promise: PromiseLike<T>,
): Promise<{ readonly value?: T; readonly error?: unknown }> {
  try {
    return { value: await promise }
  } catch (error) {
    return { error }
  }
}

/** After an abort nothing may be told but `cancelled`. */
export function expectQuietEnd(error: unknown): void {
  const quiet = error instanceof ProviderError && error.class === 'cancelled'
  expect(quiet, 'nothing or "cancelled" after an abort', `it was ${String(error)}`)
}
