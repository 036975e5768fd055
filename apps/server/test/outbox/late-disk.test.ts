import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFakeClock } from '@kav/core/testing'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { itemName } from '../../src/outbox/item-name.ts'
import { ownerState, ownFolderName } from '../../src/outbox/owner-name.ts'
import { createStorage } from '../../src/process/storage.ts'
import { openTestOutbox } from './open-test-outbox.ts'

/** One step of the disk stands still, until it is let go on. */
const disk = vi.hoisted(() => ({ stepsUntil: Infinity, goOn: undefined as (() => void) | undefined }))

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const names = ['lstat', 'open', 'readdir', 'rename', 'rmdir', 'unlink'] as const
  const stepped = names.map((name) => [
    name,
    async (...args: unknown[]): Promise<unknown> => {
      if (disk.stepsUntil-- === 0) await new Promise<void>((resolve) => (disk.goOn = resolve))
      return await (real[name] as (...given: unknown[]) => Promise<unknown>)(...args)
    },
  ])
  return { ...real, ...Object.fromEntries(stepped) }
})

/** This very number, at another time: a process that is dead. */
const DEAD_OWNER = ownFolderName().replace(/-\d+-/, '-0-')

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-late-disk-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** Closes an outbox while the disk stands still at one step. False: it takes fewer. */
async function closeAt(step: number, folder: string): Promise<boolean> {
  mkdirSync(join(folder, DEAD_OWNER), { recursive: true })
  writeFileSync(join(folder, DEAD_OWNER, itemName(Date.UTC(2029, 11, 31), 1)), '{"n":1}')
  Object.assign(disk, { stepsUntil: step, goOn: undefined })
  const time = createFakeClock()
  const storage = createStorage({ clock: time.clock })
  const { outbox, target, metrics } = openTestOutbox(folder, { time, storage })
  target.answer = () => Promise.reject(new Error('away'))
  outbox.put({ n: 2 })
  /** All is done but what stands still: the disk has its own time. */
  const quiet = async (): Promise<void> => {
    while (storage.pending > (disk.goOn ? 1 : 0)) await time.settle()
  }
  await quiet()
  let isClosed = false
  void outbox.close().then(() => (isClosed = true))
  for (; !isClosed; await quiet()) await time.advance(500)
  const isHeld = disk.goOn !== undefined
  const told = metrics.value('outbox_adopted_total')
  disk.stepsUntil = Infinity
  disk.goOn?.()
  disk.goOn = undefined
  await quiet()
  // What it finds from now on is the next one's to tell.
  expect(metrics.value('outbox_adopted_total')).toBe(told)
  return isHeld
}

it('an outbox that is closed while the disk stands still leaves all of it to the next, at whatever step', async () => {
  let step = 0
  for (let isHeld = true; isHeld; step++) {
    const folder = join(dir, String(step))
    isHeld = await closeAt(step, folder)
    expect([step, readdirSync(folder).filter((name) => ownerState(name) === 'alive')]).toEqual([step, []])
    const next = openTestOutbox(folder)
    await next.quiet()
    expect([step, [...next.delivered].sort()]).toEqual([step, [1, 2]])
    const closing = next.outbox.close()
    await next.quiet()
    await closing
  }
  // Of those that find, those that take over and those that write.
  expect(step).toBeGreaterThan(10)
})
