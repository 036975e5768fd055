import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { SqliteLink } from './sqlite-link.ts'

/** Kysely on a file whose engine is in another thread. One connection: who has it is alone. */
export function createSqliteDialect(link: SqliteLink): Dialect {
  return {
    createDriver: () => createDriver(link),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new WholeMigrations(),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
  }
}

/** Migrations are all there or none is, also when two processes open a new file at the same time. */
class WholeMigrations extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

function createDriver(link: SqliteLink): Driver {
  const connection = createConnection(link)
  const run = (sql: string) => connection.executeQuery(CompiledQuery.raw(sql))
  let free: Promise<void> = Promise.resolve()
  let release = (): void => undefined
  return {
    init: async () => undefined,
    async acquireConnection() {
      const before = free
      let mine = (): void => undefined
      free = new Promise((resolve) => (mine = resolve))
      await before
      release = mine
      return connection
    },
    // Read first and written then, a transaction of two processes would fail: it is a writer from its first moment.
    beginTransaction: async () => void (await run('begin immediate')),
    commitTransaction: async () => void (await run('commit')),
    // A disk that is full, or fails, has ended it already; what was wrong is told by the statement that met it.
    rollbackTransaction: async () => void (await run('rollback').catch(() => undefined)),
    releaseConnection: async () => release(),
    destroy: () => link.close(),
  }
}

function createConnection(link: SqliteLink): DatabaseConnection {
  return {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      const { rows, changes } = await link.ask({ sql, values: parameters })
      return { rows: rows as Row[], numAffectedRows: BigInt(changes) }
    },
    // eslint-disable-next-line require-yield
    async *streamQuery() {
      throw new Error('rows are given together')
    },
  }
}
