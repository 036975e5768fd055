import type { Clock, Logger, Metrics } from '@kav/core'
import { settleWithin } from '@kav/core/kit'
import type { Storage } from '../process/storage.ts'
import { createDeliveries } from './deliveries.ts'
import { ItemShelf, WRITE_LIMIT_MS } from './item-shelf.ts'
import { createOutboxFolder } from './outbox-folder.ts'
import { OUTBOX_LIMITS, type OutboxLimits, Undeliverable } from './outbox-limits.ts'
import { createOutboxLog } from './outbox-log.ts'
import { createRetryPace } from './retry-pace.ts'
import { createWaitingItems } from './waiting-items.ts'

/**
 * What must reach somebody who may be away: an item is a file from the moment it is put until it was delivered, so
 * that the end of the process costs nothing. Each is delivered at least once (twice, when the process dies between the
 * delivery and taking the file away), the oldest first, and those behind it while it waits to be tried again.
 */
export interface Outbox<Item> {
  /** Never waits. False when it is not taken: there is no room (`whenFull: 'refuse'`), it is closed, or is no JSON. */
  put(item: Item): boolean
  readonly waiting: number
  /** Whether all of it is on the disk: nothing is in memory alone. */
  readonly isWritten: boolean
  /** Resolves when what was put is on the disk, or the disk has not taken it in its time. Never rejects. */
  written(): Promise<unknown>
  /**
   * What is not written yet is written, what is on its way has `withinMs` to arrive, and the rest is for the next
   * process, or for the next outbox of this folder. Never rejects.
   */
  close(withinMs?: number): Promise<void>
}

export interface OutboxOptions<Item> {
  /** A metric's label: `after-call`. */
  readonly name: string
  /** Shared by processes that deliver the same to the same place, and by no other. */
  readonly dir: string
  /**
   * Rejects when the item is to be tried again; with `Undeliverable`, when no try will help. Aborted when it takes
   * longer than `deliverLimitMs`.
   */
  readonly deliver: (item: Item, signal: AbortSignal) => Promise<unknown>
  /** Where they differ from `OUTBOX_LIMITS`. */
  readonly limits?: Partial<OutboxLimits> | undefined
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  /** From 0 to 1; default `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** How often it looks for what the dead left, and shows that it lives. */
export const LOOK_EVERY_MS = 30_000

export function openOutbox<Item>(options: OutboxOptions<Item>): Outbox<Item> {
  const { dir, storage, clock, random = Math.random } = options
  const limits = { ...OUTBOX_LIMITS, ...options.limits }
  const tell = createOutboxLog(options)
  const folder = createOutboxFolder({ dir, storage, nowMs: clock.nowMs, maxDead: limits.maxDead })
  const items = createWaitingItems()
  const onReady = (): void => deliveries.pump()
  const shelf = new ItemShelf({ items, folder, limits, clock, tell, onReady })
  const deliveries = createDeliveries({
    items,
    shelf,
    deliver: async (text, signal) => options.deliver(readItem(text), signal),
    pace: createRetryPace({ ...limits, random }),
    limits,
    clock,
    tell,
  })
  let looking = Promise.resolve()
  let cancelLook: (() => void) | undefined
  let closed = false

  function look(): void {
    looking = shelf.look().then(() => {
      if (!closed) cancelLook = clock.after(LOOK_EVERY_MS, look)
    })
  }

  look()
  return {
    put(item) {
      const text = textOf(item)
      const why = closed ? 'it is closed' : text === undefined ? 'it is no JSON' : 'there is no room for it'
      const taken = !closed && text !== undefined && shelf.put(text)
      if (!taken) tell.refused(why)
      return taken
    },
    get waiting() {
      return items.count
    },
    get isWritten() {
      return shelf.isWritten
    },
    written: () => shelf.written(),
    async close(withinMs = 0) {
      if (closed) return
      closed = true
      cancelLook?.()
      await settleWithin(clock, WRITE_LIMIT_MS, Promise.all([looking, shelf.written()]))
      await deliveries.stop(withinMs)
      await settleWithin(clock, WRITE_LIMIT_MS, shelf.written())
      await shelf.leave()
    },
  }
}

function textOf(item: unknown): string | undefined {
  try {
    return JSON.stringify(item)
  } catch {
    return undefined
  }
}

/** Whoever wrote what cannot be read, it is nothing that was put. */
function readItem<Item>(text: string): Item {
  try {
    return JSON.parse(text) as Item
  } catch {
    throw new Undeliverable('the file is no JSON')
  }
}
