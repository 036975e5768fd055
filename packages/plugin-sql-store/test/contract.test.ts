import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callStoreContract } from '@kav/core/testing'
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import { findPostgres, startPostgres } from '../../../scripts/postgres-server.mjs'
import { storeOptions } from './store-options.ts'

describe('the store on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kav-store-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  let stores = 0
  const fresh = () => ({ file: join(folder, `store${++stores}`, 'calls.db') })
  writeFileSync(join(folder, 'a file'), '')
  const nowhere = { file: join(folder, 'a file', 'calls.db') }
  for (const one of callStoreContract(storeOptions(fresh, nowhere))) it(one.name, one.run, one.timeoutMs)
})

const bin = findPostgres()
if (bin === undefined) console.log('plugin-sql-store: SKIPPED on PostgreSQL, there is none here')

describe.skipIf(bin === undefined)('the store on PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>
  beforeAll(async () => (server = await startPostgres(bin)), 60_000)
  afterAll(async () => server.close())
  const SECRET = 'pw-very-secret'
  // Made ahead: what the test itself runs is not what `create` does.
  let ready: string | undefined
  beforeEach(() => void (ready ??= server.database()))
  const fresh = () => {
    const url = (ready ?? server.database()).replace('kav@', `kav:${SECRET}@`)
    ready = undefined
    return { url }
  }
  const nowhere = { url: `postgres://kav:${SECRET}@127.0.0.1:9/calls` }
  for (const one of callStoreContract({ ...storeOptions(fresh, nowhere), secrets: [SECRET] }))
    it(one.name, one.run, one.timeoutMs)
})
