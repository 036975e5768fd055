import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'libsql'
import type { SqliteAnswer, SqliteQuestion } from './sqlite-messages.ts'

/** Another process that writes has the file for so long at most. */
const BUSY_MS = 5000
const MAX_STATEMENTS = 200

const port = parentPort!
const { file } = workerData as { readonly file: string }
let database: Database.Database | undefined
const statements = new Map<string, Database.Statement>()

port.on('message', (question: SqliteQuestion) => port.postMessage(answer(question)))

function answer({ sql, values }: SqliteQuestion): SqliteAnswer {
  try {
    database ??= open()
    const statement = prepared(database, sql)
    if (statement.reader) return { rows: statement.all(...values), changes: 0 }
    return { rows: [], changes: statement.run(...values).changes }
  } catch (thrown) {
    const { code, message } = thrown as { readonly code?: unknown; readonly message?: unknown }
    return { code: typeof code === 'string' ? code : 'SQLITE_ERROR', message: String(message) }
  }
}

function open(): Database.Database {
  mkdirSync(dirname(file), { recursive: true })
  const opened = new Database(file)
  // A commit is safe from the end of the process, and of the system but for its last moments.
  for (const pragma of [
    `busy_timeout = ${BUSY_MS}`,
    'journal_mode = WAL',
    'synchronous = NORMAL',
    'foreign_keys = ON',
    'secure_delete = ON',
  ])
    opened.pragma(pragma)
  return opened
}

function prepared(opened: Database.Database, sql: string): Database.Statement {
  const known = statements.get(sql)
  if (known !== undefined) return known
  if (statements.size >= MAX_STATEMENTS) statements.clear()
  const statement = opened.prepare(sql)
  statements.set(sql, statement)
  return statement
}
