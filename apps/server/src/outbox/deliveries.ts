import { type Clock, messageOf } from '@kav/core'
import { attempt, linkSignals, settleWithin, untilAborted } from '@kav/core/kit'
import type { ItemShelf } from './item-shelf.ts'
import { isUndeliverable, type OutboxLimits } from './outbox-limits.ts'
import type { OutboxLog } from './outbox-log.ts'
import type { RetryPace } from './retry-pace.ts'
import type { WaitingItem, WaitingItems } from './waiting-items.ts'

/** Brings items to where they go. */
export interface Deliveries {
  /** Starts what may start now, and sets the one alarm for the rest. */
  pump(): void
  /** Starts nothing more. What is on its way has so long, and is given up then. */
  stop(withinMs: number): Promise<void>
}

export function createDeliveries(options: {
  readonly items: WaitingItems
  readonly shelf: Pick<ItemShelf, 'read' | 'end' | 'bury' | 'write'>
  readonly deliver: (text: string, signal: AbortSignal) => Promise<unknown>
  readonly pace: RetryPace
  readonly limits: OutboxLimits
  readonly clock: Clock
  readonly tell: OutboxLog
}): Deliveries {
  const { items, shelf, pace, limits, clock, tell } = options
  const running = new Set<Promise<void>>()
  const givenUp = new AbortController()
  let stopped = false
  let cancelAlarm: (() => void) | undefined

  function pump(): void {
    cancelAlarm?.()
    cancelAlarm = undefined
    tell.waiting(items.count, items.bytes)
    if (stopped) return
    const nowMs = clock.nowMs()
    while (nowMs >= pace.openMs && running.size < pace.atATime) {
      const item = items.nextDue(nowMs)
      if (item === undefined) break
      start(item)
    }
    // Who is on his way calls again.
    if (running.size >= pace.atATime) return
    const dueMs = Math.max(items.nextDueMs, pace.openMs)
    if (dueMs < Infinity) cancelAlarm = clock.after(Math.max(0, dueMs - nowMs), pump)
  }

  function start(item: WaitingItem): void {
    item.busy = 'delivering'
    const work = tryOnce(item).finally(() => {
      running.delete(work)
      item.busy = undefined
      pump()
    })
    running.add(work)
  }

  async function tryOnce(item: WaitingItem): Promise<void> {
    try {
      const text = await shelf.read(item)
      if (text === undefined) return shelf.end(item, 'elsewhere')
      await within(clock, limits.deliverLimitMs, givenUp.signal, (signal) => options.deliver(text, signal))
      pace.delivered()
      shelf.end(item, 'delivered')
    } catch (error) {
      await failed(item, error)
    }
  }

  async function failed(item: WaitingItem, error: unknown): Promise<void> {
    if (givenUp.signal.aborted) return
    item.failures += 1
    if (isUndeliverable(error)) {
      // Somebody answered.
      pace.delivered()
      return shelf.bury(item, messageOf(error))
    }
    // First of all: without a pause it would be tried again at once, for ever.
    const pauseMs = pace.failed(clock.nowMs(), item.failures)
    item.dueMs = clock.nowMs() + pauseMs
    tell.tryFailed(error)
    if (clock.wallMs() - item.bornWallMs >= limits.maxAgeMs)
      return shelf.bury(item, `too old; at last: ${messageOf(error)}`)
    // A disk that was full may have room by now.
    await shelf.write(item)
  }

  return {
    pump,
    async stop(withinMs) {
      stopped = true
      cancelAlarm?.()
      if (withinMs > 0) await settleWithin(clock, withinMs, Promise.all(running))
      givenUp.abort()
    },
  }
}

/** Who does not heed his signal is waited for no longer either. */
async function within(
  clock: Clock,
  limitMs: number,
  givenUp: AbortSignal,
  deliver: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const late = new AbortController()
  const cancel = clock.after(limitMs, () => late.abort())
  const { signal, unlink } = linkSignals(late.signal, givenUp)
  try {
    await untilAborted(
      signal,
      attempt(() => deliver(signal)),
      () => {
        throw new Error(`not delivered within ${limitMs} ms`)
      },
    )
  } finally {
    cancel()
    unlink()
  }
}
