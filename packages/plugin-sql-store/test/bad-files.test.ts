import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CallStore, type Clock, isProviderError, type StoredCall } from '@kav/core'
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
/** Nobody is waited for. */
const QUICK: Clock = {
  ...testContext().clock,
  nowMs: (() => {
    let ms = 0
    return () => (ms += 1000)
  })(),
  after(_delayMs, callback) {
    const timer = setImmediate(callback)
    return () => clearImmediate(timer)
  },
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
      fault: {
        class: 'quota',
        message: `${join(folder, 'calls.db')}: there is no room for it (SQLITE_FULL)`,
      },
      whileFull: told.taken,
      withRoom: told.taken,
    })
    const isErased = told['erasedWhileFull'] === 1
    expect(isErased ? 1 : told['erasedWhileFull']).toBe(isErased ? 1 : 'quota')
    expect(told['afterErasure']).toBe(told.taken - (isErased ? 1 : 0))
  })

  it('since a newer version has changed it says so', async () => {
    const store = open()
    await store.put([CALL])
    await store.close()
    const database = new Database(join(folder, 'calls.db'))
    database.exec("insert into kysely_migration (name, timestamp) values ('003-later', 'x')")
    database.close()
    expect(await faultOfPut()).toEqual({
      class: 'auth',
      message:
        'a newer version of @kav/plugin-sql-store has changed this store (to 003-later; this one knows 002-reason): install that version, or name another store',
    })
  })

  it('since it is damaged, or none, says so', async () => {
    writeFileSync(join(folder, 'calls.db'), 'no database at all '.repeat(400))
    expect(await faultOfPut()).toEqual({
      class: 'auth',
      message: `${join(folder, 'calls.db')}: the file is no database: move it away, and another is begun (SQLITE_NOTADB)`,
    })
  })

  it('since it is damaged in its middle says so, and takes them once it is mended in its place', async () => {
    const store = open()
    for (let n = 0; n < 30; n++)
      await store.put([{ ...CALL, id: `CA${n}`, facts: { much: 'x'.repeat(8000) } }])
    await store.settle?.()
    await store.close()
    const file = join(folder, 'calls.db')
    const whole = readFileSync(file)
    writeFileSync(file, Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(whole.length - 4096, 0xaa)]))
    const next = open()
    const error: unknown = await next.put([CALL]).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ class: 'auth', message: expect.stringContaining('is damaged') as string })
    writeFileSync(file, whole)
    await next.put([CALL])
    expect((await next.find({}, { limit: 100 })).calls).toHaveLength(30)
    await next.close()
  })

  it('since another one took its tables away loses none', async () => {
    const store = open()
    await store.put([CALL])
    const database = new Database(join(folder, 'calls.db'))
    database.exec('drop table call_words')
    database.close()
    const error: unknown = await store.put([{ ...CALL, id: 'CA2' }]).catch((thrown: unknown) => thrown)
    expect(isProviderError(error) && error.class).toBe('network')
    await store.close()
  })

  it('since somebody else has made it is no fault of a call', async () => {
    const database = new Database(join(folder, 'calls.db'))
    database.exec('create table calls(x)')
    database.close()
    await faultOfPut()
  })
})

describe('a file that is taken away while it is open', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kav-store-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const ids = async (store: CallStore): Promise<string> =>
    (await store.find({}, { limit: 9 })).calls.map(({ id }) => id).join(' ')

  it('is noticed and counted, and what comes then is in another one', async () => {
    const file = join(folder, 'calls.db')
    const context = testContext()
    const store = sqlStore.create({ file, max_connections: 1 }, context)
    await store.put([CALL])
    for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true })
    await store.put([{ ...CALL, id: 'CA2' }])
    expect(context.metrics.value('store_files_gone_total')).toBe(1)
    expect(
      context.log.find('STORE: its file was taken away or replaced, what is at its place now is used'),
    ).toHaveLength(1)
    const beside = sqlStore.create({ file, max_connections: 1 }, testContext())
    expect(await ids(beside)).toBe('CA2')
    await beside.close()

    renameSync(file, join(folder, 'aside.db'))
    expect(await ids(store)).toBe('')
    expect(context.metrics.value('store_files_gone_total')).toBe(2)
    await store.close()
  })

  it('is not made by who asks whether it is there', async () => {
    const file = join(folder, 'calls.db')
    const store = sqlStore.create({ file, max_connections: 1 }, testContext())
    expect(await store.isThere?.()).toBe(false)
    await store.put([CALL])
    expect(await store.isThere?.()).toBe(true)
    await store.close()
  })
})

describe('what was erased', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kav-store-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const WORD = 'zanzibarmarmalade'
  const saying = (id: string, text: string): StoredCall => ({
    ...CALL,
    id,
    words: { lines: [{ who: 'caller', text, atMs: 1 }], more: {} },
  })

  it('stands in no file; where another one reads it says so, and it is gone behind the next call', async () => {
    const file = join(folder, 'calls.db')
    const stands = (): boolean =>
      readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(WORD))
    const context = testContext()
    const store = sqlStore.create({ file, max_connections: 1 }, { ...context, clock: QUICK })
    await store.put([saying('CA1', WORD)])
    await store.erase('call', { id: 'CA1' })
    expect(await store.settle?.()).toBe(true)
    expect(stands()).toBe(false)

    await store.put([saying('CA2', WORD)])
    const reader = new Database(file)
    reader.exec('begin')
    reader.prepare('select count(*) from calls').all()
    await store.erase('call', { id: 'CA2' })
    expect(await store.settle?.()).toBe(false)
    expect(stands()).toBe(true)
    reader.exec('commit')
    reader.close()
    await store.put([saying('CA3', 'something else')])
    expect(stands()).toBe(false)
    await store.close()
  })
})
