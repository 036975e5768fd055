import { ProviderError } from '@kav/core'
import { DEFAULT_MIGRATION_TABLE, type Kysely, Migrator, sql } from 'kysely'
import type { Engine } from './engine.ts'
import { migrationsOf } from './migrations.ts'
import type { Tables } from './schema.ts'

/** Brings a store to the version of this code, all of it or nothing. */
export async function migrate(db: Kysely<Tables>, engine: Engine): Promise<void> {
  const migrations = migrationsOf(engine)
  const applied = await appliedIn(db)
  const unknown = applied.find((name) => migrations[name] === undefined)
  if (unknown !== undefined) {
    const known = Object.keys(migrations).sort().at(-1)
    throw new ProviderError(
      'auth',
      `a newer version of @kav/plugin-sql-store has changed this store (to ${unknown}; this one knows ${known}): install that version, or name another store`,
    )
  }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error as Error
}

/** Names of migrations that this store has gone through; none of one that is new. */
async function appliedIn(db: Kysely<Tables>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return []
  const { rows } = await sql<{
    name: string
  }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db)
  return rows.map(({ name }) => name)
}
