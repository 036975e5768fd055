import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { makeFolderSync } from '@kav/core/kit'
import Database from 'libsql'
import { BUSY_MS, FILE_GONE, type SqliteAnswer, type SqliteQuestion } from './sqlite-messages.ts'

const MAX_STATEMENTS = 200
const OF_THE_FILE = /^SQLITE_(CORRUPT|NOTADB|IOERR|CANTOPEN|READONLY)/

const port = parentPort!
const { file } = workerData as { readonly file: string }
let database: Database.Database | undefined
/** Which file is open. */
let opened: string | undefined
const statements = new Map<string, Database.Statement>()

port.on('message', (question: SqliteQuestion) => port.postMessage(answer(question)))

function answer({ sql, values }: SqliteQuestion): SqliteAnswer {
  try {
    if (database !== undefined && !database.inTransaction && fileAtPlace() !== opened) {
      letGo(database)
      return { code: FILE_GONE, message: 'the file was taken away or replaced' }
    }
    database ??= open()
    const statement = prepared(database, sql)
    if (statement.reader) return { rows: statement.all(...values), changes: 0 }
    return { rows: [], changes: statement.run(...values).changes }
  } catch (thrown) {
    const { code, message } = thrown as { readonly code?: unknown; readonly message?: unknown }
    const told = typeof code === 'string' ? code : 'SQLITE_ERROR'
    // Somebody may mend the file in its place: what is known of it by now would be wrong.
    if (database !== undefined && OF_THE_FILE.test(told)) letGo(database)
    return { code: told, message: String(message) }
  }
}

/** A commit is safe from the end of the process, and of the system but for its last moments. */
const PRAGMAS = [
  `busy_timeout = ${BUSY_MS}`,
  'journal_mode = WAL',
  'synchronous = NORMAL',
  'foreign_keys = ON',
  'secure_delete = ON',
]

/** Which file has the name; `undefined`: none has. */
function fileAtPlace(): string | undefined {
  const facts = statSync(file, { throwIfNoEntry: false })
  return facts && `${facts.dev} ${facts.ino}`
}

function letGo(gone: Database.Database): void {
  database = undefined
  statements.clear()
  gone.close()
}

function open(): Database.Database {
  makeFolderSync(dirname(file))
  const made = new Database(file)
  try {
    for (const pragma of PRAGMAS) made.pragma(pragma)
  } catch (thrown) {
    made.close()
    throw thrown
  }
  opened = fileAtPlace()
  return made
}

function prepared(within: Database.Database, sql: string): Database.Statement {
  const known = statements.get(sql)
  if (known !== undefined) return known
  if (statements.size >= MAX_STATEMENTS) statements.clear()
  const statement = within.prepare(sql)
  statements.set(sql, statement)
  return statement
}
