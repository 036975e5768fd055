import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CallStore, isProviderError, type StoredCall } from '@kav/core'
import { testContext } from '@kav/core/testing'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findPostgres, startPostgres } from '../../../scripts/postgres-server.mjs'
import { sqlStore } from '../src/index.ts'
import type { Params } from '../src/params.ts'

const bin = findPostgres()
if (bin === undefined) console.log('plugin-sql-store: SKIPPED faults of PostgreSQL, there is none here')

/** A class of fault by which the host takes the call for one that no store will ever take: it would be lost. */
const FINAL = ['bad-data', 'bad-request']

const callOf = (n: number): StoredCall => ({
  id: `CA${n}`,
  startedAtMs: n,
  state: 'ended',
  pipeline: 'desk',
  direction: 'in',
  durationMs: 1,
  turns: 0,
  facts: {},
})

describe.skipIf(bin === undefined)('a PostgreSQL that takes no calls', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>
  beforeAll(async () => (server = await startPostgres(bin)), 60_000)
  afterAll(async () => server.close())

  let url: string
  let store: CallStore
  const strays: unknown[] = []
  const onStray = (error: unknown): void => void strays.push(error)
  beforeEach(async () => {
    url = server.database()
    store = open()
    await store.put([callOf(0)])
    process.on('uncaughtException', onStray)
  })
  afterEach(async () => {
    await store.close()
    process.off('uncaughtException', onStray)
    expect(strays.splice(0)).toEqual([])
  })

  const open = (params: Partial<Params> = {}, baseDir = '') =>
    sqlStore.create({ file: '', url, max_connections: 2, ...params }, { ...testContext(), baseDir })
  async function admin(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  const own = (setting: string): Promise<void> =>
    admin(`begin read write; alter database ${new URL(url).pathname.slice(1)} ${setting}; commit`)
  async function reopen(): Promise<void> {
    await store.close()
    store = open()
  }
  async function faultOfPut(call = callOf(1)): Promise<{ readonly class: string; readonly message: string }> {
    const error: unknown = await store.put([call]).catch((thrown: unknown) => thrown)
    if (!isProviderError(error)) throw new Error('it was taken')
    return error
  }

  it('since its connections end in the middle of transactions ends nothing else, and is told', async () => {
    await own('set idle_in_transaction_session_timeout = 1')
    await reopen()
    const classes = new Set<string>()
    for (let n = 1; n <= 12; n++)
      classes.add(
        await faultOfPut(callOf(n)).then(
          (fault) => fault.class,
          () => 'taken',
        ),
      )
    for (const one of FINAL) expect([...classes]).not.toContain(one)
    expect(classes.size).toBeGreaterThan(0)
    await own('reset idle_in_transaction_session_timeout')
    await reopen()
    await store.put([callOf(1)])
  })

  it('since the password is a new one takes them once the file has it, without a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kav-password-'))
    const file = join(folder, 'password')
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const [{ hba_file: rules }] = (await client.query<{ hba_file: string }>('show hba_file')).rows as [
      { hba_file: string },
    ]
    const before = readFileSync(rules, 'utf8')
    const set = (password: string) => client.query(`alter role clerk password '${password}'`)
    try {
      await client.query("create role clerk superuser login password 'first one'")
      writeFileSync(rules, `host all clerk 127.0.0.1/32 scram-sha-256\n${before}`)
      await client.query('select pg_reload_conf()')
      await store.close()
      url = url.replace('kav@', 'clerk@')
      store = open()
      expect((await faultOfPut()).message).toMatch(/^PostgreSQL asks for a password/)
      await store.close()
      store = open({ password_file: 'password', max_connections: 1 }, folder)
      expect((await faultOfPut()).message).toMatch(/^password_file cannot be read: ENOENT/)
      writeFileSync(file, 'first one\n')
      await store.put([callOf(1)])
      await set('next one')
      await client.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'clerk'")
      await expect
        .poll(async () => (await faultOfPut()).message)
        .toBe('PostgreSQL refused: its password is wrong (SQLSTATE 28P01)')
      writeFileSync(file, 'next one')
      await store.put([callOf(2)])
    } finally {
      writeFileSync(rules, before)
      await client.query('select pg_reload_conf()')
      await client.end()
      rmSync(folder, { recursive: true })
    }
  })

  it('since it can only be read loses none: it says so, and has the call when it takes calls again', async () => {
    await own('set default_transaction_read_only = on')
    await reopen()
    const fault = await faultOfPut()
    expect(FINAL).not.toContain(fault.class)
    expect(fault.message).toBe('PostgreSQL refused: it can only be read (SQLSTATE 25006)')
    await own('reset default_transaction_read_only')
    await reopen()
    await store.put([callOf(1)])
  })

  it('takes for a fault of the call itself its data alone', async () => {
    await admin(`create function refuse() returns trigger language plpgsql as $$
      begin raise exception using errcode = split_part(new.pipeline, ' ', 2); end $$`)
    await admin(
      `create trigger refuses before insert on calls for each row when (new.pipeline like 'refused %') execute function refuse()`,
    )
    const own: string[] = []
    const codes = '22P02 23514 25P03 40001 42501 53100 54000 55P03 57P01 58030 XX000 P0001'.split(' ')
    for (const code of codes) {
      const fault = await faultOfPut({ ...callOf(1), pipeline: `refused ${code}` })
      if (FINAL.includes(fault.class)) own.push(code)
    }
    expect(own).toEqual(['22P02', '23514'])
  })

  it('is made anew where its tables are gone, once somebody has taken the rest away', async () => {
    await admin('drop table call_words cascade')
    const fault = await faultOfPut()
    expect(FINAL).not.toContain(fault.class)
    expect(fault.message).toBe('PostgreSQL refused: a table is missing (SQLSTATE 42P01)')
    await admin('drop schema public cascade; create schema public')
    await store.put([callOf(1)])
    expect((await store.find({}, { limit: 9 })).calls.map(({ id }) => id)).toEqual(['CA1'])
  })
})

describe('the file of a password', () => {
  const params = { file: '', max_connections: 1, password_file: 'password' }
  const written = async (text: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'kav-password-'))
    writeFileSync(join(folder, 'password'), text)
    const found = await sqlStore.checkFiles!({ ...params, url: 'postgres://kav@db/kav' }, folder)
    rmSync(folder, { recursive: true })
    return found.map(({ message }) => message)
  }

  it('is read before a call comes, and what is in it is repeated nowhere', async () => {
    expect(await written(' with blanks \r\n')).toEqual([])
    expect(await written('\n')).toEqual([expect.stringMatching(/is empty$/)])
    const [said] = await written('host:5432:kav:kav:s3cret\n# another\n')
    expect(said).toMatch(/has more than one line; the password alone belongs in it$/)
    expect(said).not.toContain('s3cret')
  })

  it('is of a url that has none', () => {
    const said = (url?: string) =>
      sqlStore.check!({ ...params, ...(url && { url }) }).map(({ path }) => path[0])
    expect([said(), said('postgres://kav@db/kav'), said('postgres://kav:x@db/kav')]).toEqual([
      ['password_file'],
      [],
      ['url'],
    ])
  })
})
