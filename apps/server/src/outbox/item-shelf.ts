import type { Clock } from '@kav/core'
import { settleWithin } from '@kav/core/kit'
import { itemName } from './item-name.ts'
import { createLeavingFiles, type LeavingFiles } from './leaving-files.ts'
import type { OutboxFolder } from './outbox-folder.ts'
import type { OutboxLimits } from './outbox-limits.ts'
import type { OutboxLog } from './outbox-log.ts'
import { type WaitingItem, waitingItem, type WaitingItems } from './waiting-items.ts'

export interface ItemShelfParts {
  readonly items: WaitingItems
  readonly folder: OutboxFolder
  readonly limits: OutboxLimits
  readonly clock: Clock
  readonly tell: OutboxLog
  /** An item is there that may be delivered. */
  readonly onReady: () => void
}

/** How long the end of a process waits for the disk, each time. */
export const WRITE_LIMIT_MS = 2000

/** The items of an outbox and their files. Where the disk fails, an item is in memory alone. */
export class ItemShelf {
  readonly #parts: ItemShelfParts
  readonly #leaving: LeavingFiles
  readonly #writing = new Set<Promise<void>>()
  #serial = 0
  #unwrittenBytes = 0

  constructor(parts: ItemShelfParts) {
    this.#parts = parts
    this.#leaving = createLeavingFiles(parts.folder, parts.tell)
  }

  /** Never waits; false where there is no room. */
  put(text: string): boolean {
    const { clock, items, tell, onReady } = this.#parts
    const bytes = Buffer.byteLength(text)
    if (!this.#makeRoom(bytes)) return false
    const name = itemName(clock.wallMs(), this.#serial++)
    const item: WaitingItem = { ...waitingItem({ name, bytes }, clock), text, busy: 'writing' }
    items.add(item)
    this.#unwrittenBytes += bytes
    tell.accepted()
    const written = this.write(item).then(() => {
      this.#writing.delete(written)
      item.busy = undefined
      onReady()
    })
    this.#writing.add(written)
    return true
  }

  /** `undefined`: another process has it. Rejects when the disk does. */
  async read(item: WaitingItem): Promise<string | undefined> {
    return item.text ?? (await this.#parts.folder.read(item.name))
  }

  /** Once more, for an item that is in memory alone. Never rejects. */
  async write(item: WaitingItem): Promise<void> {
    if (item.text === undefined) return
    try {
      await this.#parts.folder.write(item.name, item.text)
      item.text = undefined
      this.#unwrittenBytes -= item.bytes
      this.#parts.tell.diskWorks()
    } catch (error) {
      this.#parts.tell.diskFailed(error)
    }
  }

  end(item: WaitingItem, how: 'delivered' | 'dropped' | 'elsewhere'): void {
    this.#forget(item)
    this.#parts.tell.ended(how)
    if (item.text === undefined && how !== 'elsewhere') this.#leaving.remove(item.name)
  }

  async bury(item: WaitingItem, why: string): Promise<void> {
    await this.write(item)
    this.#forget(item)
    this.#parts.tell.buried(item.name, why)
    this.#leaving.bury(item.name)
  }

  /** Shows that this process lives, and finds what others left. Never rejects. */
  async look(): Promise<void> {
    const { items, folder, limits, clock, tell, onReady } = this.#parts
    const room = { items: limits.maxItems - items.count, bytes: limits.maxBytes - items.bytes }
    try {
      this.#leaving.again()
      if (items.count > 0) await folder.touch()
      const found = await folder.adopt(room, (name) => items.has(name) || this.#leaving.has(name))
      for (const one of found) items.add(waitingItem(one, clock))
      if (found.length > 0) tell.adopted(found.length)
    } catch (error) {
      tell.diskFailed(error)
    }
    onReady()
  }

  get isWritten(): boolean {
    return this.#unwrittenBytes === 0
  }

  /** Resolves when nothing is on its way to the disk. */
  written(): Promise<unknown> {
    return Promise.all([...this.#writing, this.#leaving.gone()])
  }

  /** Leaves all of it to who comes next, within the time a disk is waited for. */
  async leave(): Promise<void> {
    const { items, folder, clock, tell } = this.#parts
    await settleWithin(clock, WRITE_LIMIT_MS, Promise.all([...items].map((item) => this.write(item))))
    await settleWithin(clock, WRITE_LIMIT_MS, folder.leave(), tell.diskFailed)
  }

  #makeRoom(bytes: number): boolean {
    const { items, limits } = this.#parts
    if (bytes > limits.maxBytes || this.#unwrittenBytes + bytes > limits.maxUnwrittenBytes) return false
    while (items.count + 1 > limits.maxItems || items.bytes + bytes > limits.maxBytes) {
      const oldest = limits.whenFull === 'drop-oldest' ? items.oldestIdle() : undefined
      if (oldest === undefined) return false
      this.end(oldest, 'dropped')
    }
    return true
  }

  #forget(item: WaitingItem): void {
    this.#parts.items.delete(item)
    if (item.text !== undefined) this.#unwrittenBytes -= item.bytes
  }
}
