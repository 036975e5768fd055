import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSqliteLink } from '../src/sqlite/sqlite-link.ts'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-link-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

it('a file that is closed at any step of a question has no thread any more, and gets none', async () => {
  for (let step = 0; step < 12; step++) {
    const link = createSqliteLink(join(dir, `${step}.db`))
    const first = link.ask({ sql: 'select 1', values: [] }).catch((error: unknown) => error)
    for (let turn = 0; turn < step; turn++) await new Promise(setImmediate)
    await link.close()
    await first
    // As the engine does with a transaction that broke off.
    await expect(link.ask({ sql: 'rollback', values: [] })).rejects.toMatchObject({ code: 'THREAD' })
    expect(process.getActiveResourcesInfo()).not.toContain('MessagePort')
  }
})
