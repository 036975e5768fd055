import { existsSync } from 'node:fs'
import { ProviderError, type ProviderErrorClass } from '@kav/core'
import { type Kysely, sql, type SqlBool } from 'kysely'
import type { Engine, TextIndex } from '../engine.ts'
import type { Tables } from '../schema.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'
import { createSqliteLink, SqliteFault } from './sqlite-link.ts'
import { BUSY_MS, FILE_GONE } from './sqlite-messages.ts'

/** The embedded engine: one file, in a thread of its own. */
export function createSqliteEngine(file: string): Engine {
  const link = createSqliteLink(file)
  return {
    name: 'SQLite',
    dialect: createSqliteDialect(link),
    keyType: 'integer',
    text: FTS5,
    isThere: async () => existsSync(file),
    settleErasure: copyAllPages,
    isGone: (thrown) => thrown instanceof SqliteFault && thrown.code === FILE_GONE,
    faultOf: (thrown) => faultOf(thrown, file),
  }
}

/**
 * What was erased still stands in pages that wait to be copied, and in those that another one reads. Who waits for him
 * here holds everything else up.
 */
function copyAllPages(db: Kysely<Tables>): Promise<boolean> {
  return db.connection().execute(async (alone) => {
    await sql`pragma busy_timeout = 0`.execute(alone)
    try {
      const { rows } = await sql<{ readonly busy: number }>`pragma wal_checkpoint(truncate)`.execute(alone)
      return rows[0]?.busy !== 1
    } catch (thrown) {
      if (thrown instanceof SqliteFault && /^SQLITE_(BUSY|LOCKED)/.test(thrown.code)) return false
      throw thrown
    } finally {
      await sql`pragma busy_timeout = ${sql.lit(BUSY_MS)}`.execute(alone)
    }
  })
}

/** A table of FTS5, a row a call, by the call's key. */
const FTS5: TextIndex = {
  async create(db) {
    await sql`create virtual table call_text using fts5(plain, tokenize = "unicode61 remove_diacritics 0", prefix = '2 3')`.execute(
      db,
    )
    // Words of a row that was deleted would stand in the index until it is merged.
    await sql`insert into call_text(call_text, rank) values('secure-delete', 1)`.execute(db)
  },
  async put(db, rows) {
    const values = rows.map(({ key, plain }) => sql`(${key}, ${plain.join(' ')})`)
    await sql`insert into call_text(rowid, plain) values ${sql.join(values)}`.execute(db)
  },
  async remove(db, keys) {
    await sql`delete from call_text where rowid in (${sql.join([...keys])})`.execute(db)
  },
  matches(words) {
    const wanted = words.map((word) => `"${word}" *`).join(' ')
    // With the +, calls are read in their order until a page is full, and not all that have a word that all have.
    return sql<SqlBool>`+calls.key in (select rowid from call_text where call_text match ${wanted})`
  },
}

/** By the first word behind `SQLITE_`: https://sqlite.org/rescode.html. */
const CLASSES: Readonly<Record<string, ProviderErrorClass>> = {
  BUSY: 'timeout',
  LOCKED: 'timeout',
  FULL: 'quota',
  CANTOPEN: 'network',
  IOERR: 'network',
  READONLY: 'auth',
  PERM: 'auth',
  AUTH: 'auth',
  // What is wrong with the file is no fault of the call's, which waits until somebody has seen to it.
  CORRUPT: 'auth',
  NOTADB: 'auth',
  TOOBIG: 'bad-data',
  CONSTRAINT: 'bad-data',
  MISMATCH: 'bad-data',
  RANGE: 'bad-data',
}
const WORDS: Readonly<Record<string, string>> = {
  BUSY: 'another process has the file for too long',
  FULL: 'there is no room for it',
  CANTOPEN: 'the file cannot be opened',
  READONLY: 'the file cannot be written',
  CORRUPT:
    'the file is damaged: put a backup in its place and in that of its -wal and -shm, or move it away, and another is begun',
  NOTADB: 'the file is no database: move it away, and another is begun',
  IOERR: 'the disk fails',
}

/** Names the file: a command may have opened those of several pipelines. */
function faultOf(thrown: unknown, file: string): ProviderError {
  if (!(thrown instanceof SqliteFault)) {
    const { code } = (thrown ?? {}) as { readonly code?: unknown }
    return new ProviderError(
      'network',
      `${file}: the file of the calls cannot be used (${String(code ?? 'unknown')})`,
      { cause: thrown },
    )
  }
  const kind = thrown.code.split('_')[1] ?? ''
  const said = WORDS[kind] ?? 'the file of the calls cannot be used'
  return new ProviderError(CLASSES[kind] ?? 'network', `${file}: ${said} (${thrown.code})`)
}
