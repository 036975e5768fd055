import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoredCall } from '@kav/core'
import { testContext } from '@kav/core/testing'
import Database from 'libsql'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sqlStore } from '../src/index.ts'

const callOf = (id: string): StoredCall => ({
  ...{ id, startedAtMs: 1, state: 'ended', pipeline: 'desk', direction: 'in', durationMs: 1, turns: 0 },
  facts: {},
})

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kav-backup-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (name: string) =>
  sqlStore.create({ file: join(folder, name, 'calls.db'), max_connections: 1 }, testContext())

async function idsIn(name: string): Promise<readonly string[]> {
  const store = open(name)
  const { calls } = await store.find({}, { limit: 10 })
  await store.close()
  return calls.map(({ id }) => id).sort()
}

/** As docs/call-history.md has it. */
it('a backup that SQLite takes while calls are put is whole, and stands in the place of what came later', async () => {
  const store = open('live')
  await store.put([callOf('CA1')])
  const file = join(folder, 'live', 'calls.db')
  const beside = new Database(file)
  beside.exec(`vacuum into '${join(folder, 'backup.db')}'`)
  beside.close()
  await store.put([callOf('CA2')])

  // The process dies here: its files are as they are now.
  cpSync(join(folder, 'live'), join(folder, 'dead'), { recursive: true })
  await store.close()
  mkdirSync(join(folder, 'copied'))
  copyFileSync(join(folder, 'dead', 'calls.db'), join(folder, 'copied', 'calls.db'))
  expect(await idsIn('copied'), 'a copy of the file alone lacks what its log has').toEqual([])

  for (const end of ['', '-wal', '-shm']) rmSync(join(folder, 'dead', `calls.db${end}`), { force: true })
  copyFileSync(join(folder, 'backup.db'), join(folder, 'dead', 'calls.db'))
  expect(await idsIn('dead')).toEqual(['CA1'])
})
