import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { eraseWaiting } from '../../src/history/erase-waiting.ts'
import { storeOutbox } from '../../src/history/store-key.ts'
import { itemName } from '../../src/outbox/item-name.ts'
import { loadDesk, NOW_MS, storedCallOf } from './history-rig.ts'

/** Something happens before one step of the disk. */
const disk = vi.hoisted(() => ({ stepsUntil: Infinity, happens: () => undefined }))

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const names = ['readdir', 'readFile', 'unlink'] as const
  const stepped = names.map((name) => [
    name,
    async (...args: unknown[]): Promise<unknown> => {
      if (disk.stepsUntil-- === 0) disk.happens()
      return await (real[name] as (...given: unknown[]) => Promise<unknown>)(...args)
    },
  ])
  return { ...real, ...Object.fromEntries(stepped) }
})

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-moving-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const itemsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))

describe('what waits for a store is erased, though', () => {
  it.each([
    [
      'a process takes over what a dead one left',
      'own',
      (from: string, to: string) => {
        mkdirSync(to, { recursive: true })
        for (const name of readdirSync(from)) renameSync(join(from, name), join(to, name))
        rmdirSync(from)
      },
    ],
    ['a process leaves what it has', 'free', (from: string, to: string) => renameSync(from, to)],
  ])('%s, at whatever step', async (_what, to, move) => {
    const desk = await loadDesk(dir, { name: 'desk' })
    const outbox = storeOutbox(desk, desk.stages.store!)
    let step = 0
    for (disk.stepsUntil = -1; disk.stepsUntil < 0; step++) {
      // Before its new folder in the order of names, and behind it.
      for (const from of ['a', 'z']) {
        rmSync(outbox, { recursive: true, force: true })
        mkdirSync(join(outbox, from), { recursive: true })
        mkdirSync(join(outbox, 'dead'))
        for (const n of [1, 2])
          writeFileSync(join(outbox, from, itemName(NOW_MS, n)), JSON.stringify(storedCallOf('desk', n, 0)))
        Object.assign(disk, { stepsUntil: step, happens: () => move(join(outbox, from), join(outbox, to)) })
        const erased = await eraseWaiting([desk], ({ id }) => id === 'CA1')
        const here = `from ${from} before step ${step}`
        expect([here, erased]).toEqual([here, [{ id: 'CA1', waitedFor: 'the store' }]])
        expect([here, itemsIn(outbox).map((name) => basename(name).slice(19, 25))]).toEqual([
          here,
          ['000002'],
        ])
      }
    }
    expect(step).toBeGreaterThan(5)
  })
})
