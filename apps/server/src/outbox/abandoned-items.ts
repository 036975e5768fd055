import { lstat, rename, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { PART_ENDING } from '../process/plain-file.ts'
import { makePrivate, namesIn, succeeds } from './item-file.ts'
import { bornWallMs } from './item-name.ts'
import { ownerState } from './owner-name.ts'

/** What processes left in an outbox that are dead. */
export interface AbandonedItems {
  /** Each is taken by one process alone, whoever else takes. */
  take(room: LeftRoom): Promise<readonly FoundItem[]>
}

export interface FoundItem {
  readonly name: string
  readonly bytes: number
}

export interface LeftRoom {
  items: number
  bytes: number
}

/** A folder whose owner cannot be seen, as it was when it was first so. */
interface Sign {
  readonly modifiedMs: number
  readonly sinceMs: number
}

/** An owner that cannot be seen shows itself four times as often; a network disk tells of it a minute late. */
export const UNSEEN_IS_DEAD_MS = 120_000

/** @param into the own folder, one of those in `dir` */
export function createAbandonedItems(dir: string, into: string, nowMs: () => number): AbandonedItems {
  const own = join(dir, into)
  const signs = new Map<string, Sign>()

  /** Folders that nobody can write into any more. */
  async function folders(): Promise<readonly string[]> {
    const names = await namesIn(dir)
    const found: string[] = []
    for (const name of names) {
      if (name === into) continue
      const state = ownerState(name)
      if (state === 'dead' || (state === 'unseen' && (await showsNothing(name)))) found.push(name)
    }
    for (const name of signs.keys()) if (!names.includes(name)) signs.delete(name)
    return found
  }

  async function showsNothing(name: string): Promise<boolean> {
    const modifiedMs = (await lstat(join(dir, name)).catch(() => undefined))?.mtimeMs
    if (modifiedMs === undefined) return false
    const sign = signs.get(name)
    if (sign?.modifiedMs !== modifiedMs) signs.set(name, { modifiedMs, sinceMs: nowMs() })
    return sign?.modifiedMs === modifiedMs && nowMs() - sign.sinceMs >= UNSEEN_IS_DEAD_MS
  }

  async function takeFrom(folder: string, room: LeftRoom): Promise<FoundItem[]> {
    const taken: FoundItem[] = []
    for (const name of (await namesIn(folder)).sort()) {
      const file = join(folder, name)
      if (name.endsWith(PART_ENDING)) await unlink(file).catch(() => undefined)
      const found = await itemAt(folder, name)
      if (found === undefined) continue
      if (!fits(room, found.bytes)) break
      await makePrivate(own)
      // Of two that try, one finds nothing to rename.
      if (await succeeds(rename(file, join(own, name)))) taken.push(found)
    }
    // Not while something is in it.
    await rmdir(folder).catch(() => undefined)
    return taken
  }

  return {
    async take(room) {
      const taken: FoundItem[] = []
      for (const name of await folders()) taken.push(...(await takeFrom(join(dir, name), room)))
      return taken
    },
  }
}

/** `undefined`: it is none. A link or a folder is none of Kav's. */
export async function itemAt(folder: string, name: string): Promise<FoundItem | undefined> {
  if (bornWallMs(name) === undefined) return undefined
  const facts = await lstat(join(folder, name)).catch(() => undefined)
  return facts?.isFile() ? { name, bytes: facts.size } : undefined
}

/** Takes the room of an item that has some. */
export function fits(room: LeftRoom, bytes: number): boolean {
  if (room.items < 1 || room.bytes < bytes) return false
  room.items -= 1
  room.bytes -= bytes
  return true
}
