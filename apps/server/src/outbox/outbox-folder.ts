import { rename, rmdir, unlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Storage } from '../process/storage.ts'
import { createAbandonedItems, fits, type FoundItem, itemAt } from './abandoned-items.ts'
import { makePrivate, namesIn, readPlain, succeeds, unlessGone, writeDurably } from './item-file.ts'
import { bornWallMs } from './item-name.ts'
import { freeFolderName, ownFolderName } from './owner-name.ts'

/** The files of one outbox. Each operation is one turn of the disk, and rejects when the disk does. */
export interface OutboxFolder {
  /** Whole or not at all, whatever ends the process or the machine. */
  write(name: string, text: string): Promise<void>
  /** `undefined`: it is not there any more, another process has taken it. */
  read(name: string): Promise<string | undefined>
  remove(name: string): Promise<void>
  /** Puts it aside in `dead`, where the youngest are kept. */
  bury(name: string): Promise<void>
  /** Shows other machines that this process lives. */
  touch(): Promise<void>
  /**
   * Takes over what processes left that are dead, each item by one process alone, and finds what is in the own folder
   * without being known. No more than there is room for; of very many, the next are found when it is asked again.
   */
  adopt(
    room: { readonly items: number; readonly bytes: number },
    isKnown: (name: string) => boolean,
  ): Promise<readonly FoundItem[]>
  /** From now on all of it is for who comes next. */
  leave(): Promise<void>
}

export interface OutboxFolderOptions {
  readonly dir: string
  readonly storage: Storage
  readonly nowMs: () => number
  readonly maxDead: number
}

/** What was given up. */
export const DEAD = 'dead'
/** So much is done in one turn of the disk, which others wait for. */
const ADOPTED_AT_ONCE = 200

export function createOutboxFolder({ dir, storage, nowMs, maxDead }: OutboxFolderOptions): OutboxFolder {
  const ownName = ownFolderName()
  const own = join(dir, ownName)
  const dead = join(dir, DEAD)
  const abandoned = createAbandonedItems(dir, ownName, nowMs)
  /** Nobody waits for these any more, and the disk may still bring them. */
  const hanging = new Set<string>()
  /** What makes the folder where there is none, and is under way. */
  let making = 0
  let isLeft = false

  /**
   * The disk may bring it when the folder was left: nobody would find what lies in one that was made anew, as long as
   * this process lives. So the last that is under way leaves it.
   */
  async function inOwn<T>(action: () => Promise<T>): Promise<T> {
    making++
    try {
      return await action()
    } finally {
      making--
      await leaveOwn()
    }
  }

  async function leaveOwn(): Promise<void> {
    if (!isLeft || making > 0 || (await succeeds(rmdir(own)))) return
    await rename(own, join(dir, freeFolderName())).catch(unlessGone)
  }

  async function write(name: string, text: string): Promise<void> {
    if (hanging.has(name)) throw new Error('the disk has not brought it yet')
    let begun = false
    let givenUp = false
    const action = async (): Promise<void> => {
      begun = true
      try {
        await makePrivate(own)
        await writeDurably(own, name, text)
        // Its owner has it in memory.
        if (givenUp) await unlink(join(own, name))
      } finally {
        begun = false
        hanging.delete(name)
      }
    }
    await storage
      .run(() => inOwn(action))
      .catch((error: unknown) => {
        givenUp = true
        if (begun) hanging.add(name)
        throw error
      })
  }

  const adopt: OutboxFolder['adopt'] = async (room, isKnown) => {
    const left = { bytes: room.bytes, items: Math.min(room.items, ADOPTED_AT_ONCE) }
    const found: FoundItem[] = []
    for (const name of (await namesIn(own)).sort()) {
      if (isKnown(name) || hanging.has(name)) continue
      const item = await itemAt(own, name)
      if (item && fits(left, item.bytes)) found.push(item)
    }
    const taken = [...found, ...(await abandoned.take(left))]
    return isLeft ? [] : taken
  }

  return {
    write,
    read: (name) => storage.run(() => readPlain(join(own, name))),
    remove: (name) => storage.run(() => unlink(join(own, name)).catch(unlessGone)),
    bury: (name) =>
      storage.run(async () => {
        await makePrivate(dead)
        await rename(join(own, name), join(dead, name)).catch(unlessGone)
        await keepYoungest(dead, maxDead)
      }),
    touch: () =>
      storage.run(async () => {
        const now = new Date()
        await utimes(own, now, now).catch(unlessGone)
      }),
    adopt: (room, isKnown) => storage.run(() => inOwn(() => adopt(room, isKnown))),
    leave() {
      isLeft = true
      return storage.letGo(leaveOwn)
    },
  }
}

async function keepYoungest(dead: string, count: number): Promise<void> {
  const names = (await namesIn(dead)).filter((name) => bornWallMs(name) !== undefined).sort()
  for (const name of names.slice(0, Math.max(0, names.length - count)))
    await unlink(join(dead, name)).catch(() => undefined)
}
