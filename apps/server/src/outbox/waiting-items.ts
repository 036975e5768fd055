import type { Clock } from '@kav/core'
import { bornWallMs } from './item-name.ts'

/** One item that is to be delivered. */
export interface WaitingItem {
  readonly name: string
  readonly bytes: number
  readonly bornWallMs: number
  /** Only while it is not on the disk. */
  text: string | undefined
  /** Tries of this process that failed. */
  failures: number
  dueMs: number
  /** What is done with it now. Those behind it wait until it is written: order is by when they were put. */
  busy: 'writing' | 'delivering' | undefined
}

/** One that is on the disk, and may be delivered at once. */
export function waitingItem({ name, bytes }: { name: string; bytes: number }, clock: Clock): WaitingItem {
  const born = bornWallMs(name) ?? clock.wallMs()
  return {
    name,
    bytes,
    bornWallMs: born,
    text: undefined,
    failures: 0,
    dueMs: clock.nowMs(),
    busy: undefined,
  }
}

export interface WaitingItems {
  readonly count: number
  readonly bytes: number
  has(name: string): boolean
  add(item: WaitingItem): void
  /** False when it was not there any more. */
  delete(item: WaitingItem): boolean
  /** The oldest that may be delivered now. */
  nextDue(nowMs: number): WaitingItem | undefined
  /** When the next may be; `Infinity` when none waits. */
  readonly nextDueMs: number
  oldestIdle(): WaitingItem | undefined
  [Symbol.iterator](): IterableIterator<WaitingItem>
}

/** In the order of their names, which is that of their age. */
export function createWaitingItems(): WaitingItems {
  let items = new Map<string, WaitingItem>()
  let bytes = 0
  let newest = ''

  function sort(): void {
    items = new Map([...items].sort(([a], [b]) => (a < b ? -1 : 1)))
    newest = [...items.keys()].at(-1) ?? ''
  }

  function* ready(): Generator<WaitingItem> {
    for (const item of items.values()) {
      if (item.busy === 'writing') return
      if (item.busy === undefined) yield item
    }
  }

  return {
    get count() {
      return items.size
    },
    get bytes() {
      return bytes
    },
    has: (name) => items.has(name),
    add(item) {
      items.set(item.name, item)
      bytes += item.bytes
      // Adopted ones are older than what is there.
      if (item.name < newest) sort()
      else newest = item.name
    },
    delete(item) {
      if (!items.delete(item.name)) return false
      bytes -= item.bytes
      return true
    },
    nextDue(nowMs) {
      for (const item of ready()) if (item.dueMs <= nowMs) return item
      return undefined
    },
    get nextDueMs() {
      let nextMs = Infinity
      for (const item of ready()) nextMs = Math.min(nextMs, item.dueMs)
      return nextMs
    },
    oldestIdle() {
      for (const item of items.values()) if (item.busy === undefined) return item
      return undefined
    },
    [Symbol.iterator]: () => items.values(),
  }
}
