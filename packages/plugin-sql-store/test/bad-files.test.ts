import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isProviderError, type StoredCall } from '@kav/core'
import { testContext } from '@kav/core/testing'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqlStore } from '../src/index.ts'

const CALL: StoredCall = {
  id: 'CA1',
  startedAtMs: 1,
  state: 'ended',
  pipeline: 'desk',
  direction: 'in',
  durationMs: 1,
  turns: 0,
  facts: {},
}
const OWN_MOUNTS = ['--map-root-user', '--mount'] as const
const canMount =
  spawnSync('unshare', [...OWN_MOUNTS, 'mount', '-t', 'tmpfs', 'kav', '/mnt'], { stdio: 'ignore' }).status ===
  0
if (!canMount) console.log('plugin-sql-store: SKIPPED on a full disk, nothing can be mounted here')

/** A class of fault by which the host takes the call for one that no store will ever take: it would be lost. */
const FINAL = ['bad-data', 'bad-request']

describe('a file that takes no calls', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kav-store-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const open = () => sqlStore.create({ file: join(folder, 'calls.db'), max_connections: 1 }, testContext())
  async function faultOfPut(): Promise<{ class: string; message: string }> {
    const store = open()
    const error: unknown = await store.put([CALL]).catch((thrown: unknown) => thrown)
    await store.close()
    if (!isProviderError(error)) throw new Error('it was taken')
    expect(FINAL).not.toContain(error.class)
    return { class: error.class, message: error.message }
  }

  it.skipIf(!canMount)('since its disk is full loses none, and takes them when there is room', () => {
    const program = fileURLToPath(new URL('put-until-full.mjs', import.meta.url))
    const args = [...OWN_MOUNTS, process.execPath, program, folder, JSON.stringify(CALL)]
    const told = JSON.parse(execFileSync('unshare', args, { encoding: 'utf8' })) as {
      readonly taken: number
      readonly [name: string]: unknown
    }
    expect(told.taken).toBeGreaterThan(1)
    expect(told).toMatchObject({
      fault: { class: 'quota', message: 'there is no room for it (SQLITE_FULL)' },
      whileFull: told.taken,
      withRoom: told.taken + 1,
    })
  })

  it('since a newer version has changed it says so', async () => {
    const store = open()
    await store.put([CALL])
    await store.close()
    const database = new Database(join(folder, 'calls.db'))
    database.exec("insert into kysely_migration (name, timestamp) values ('002-later', 'x')")
    database.close()
    expect(await faultOfPut()).toEqual({
      class: 'auth',
      message: 'a newer version of @kav/plugin-sql-store has changed this store: install that one',
    })
  })

  it('since it is damaged, or none, says so', async () => {
    writeFileSync(join(folder, 'calls.db'), 'no database at all '.repeat(400))
    expect(await faultOfPut()).toEqual({ class: 'auth', message: 'the file is no database (SQLITE_NOTADB)' })
  })
})
