import type { Kysely, Migration } from 'kysely'
import type { Engine } from './engine.ts'
import type { Tables } from './schema.ts'

/** By name, in the order of their names. One that was released stays as it is: what changes later is another one. */
export function migrationsOf(engine: Engine): Record<string, Migration> {
  return {
    '001-calls': {
      async up(db: Kysely<Tables>) {
        await createCalls(engine, db)
        await db.schema
          .createTable('call_words')
          .addColumn('key', 'bigint', (column) =>
            column.primaryKey().references('calls.key').onDelete('cascade'),
          )
          .addColumn('words', 'text', (column) => column.notNull())
          .execute()
        await engine.text.create(db)
      },
    },
    '002-reason': {
      async up(db: Kysely<Tables>) {
        await db.schema.alterTable('calls').addColumn('reason', 'text').execute()
      },
    },
  }
}

async function createCalls(engine: Engine, db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('calls')
    .addColumn('key', engine.keyType as 'integer', (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('state', 'smallint', (column) => column.notNull())
    .addColumn('pipeline', 'text', (column) => column.notNull())
    .addColumn('version', 'text')
    .addColumn('node', 'text')
    .addColumn('owner', 'text')
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('from_number', 'text')
    .addColumn('to_number', 'text')
    .addColumn('duration_ms', 'bigint', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('turns', 'integer', (column) => column.notNull())
    .addColumn('slowest_ms', 'bigint')
    .addColumn('cost', 'double precision')
    .addColumn('currency', 'text')
    .addColumn('recording', 'text')
    .addColumn('facts', 'text', (column) => column.notNull())
    .addUniqueConstraint('calls_by_name', ['id', 'started_at'])
    .execute()
  const indexes = {
    calls_by_time: ['started_at', 'key'],
    calls_by_from: ['from_number', 'started_at'],
    calls_by_to: ['to_number', 'started_at'],
    calls_by_outcome: ['outcome', 'started_at'],
    calls_by_slowest: ['slowest_ms'],
    calls_by_state: ['state', 'started_at'],
  } as const
  for (const [name, columns] of Object.entries(indexes))
    await db.schema
      .createIndex(name)
      .on('calls')
      .columns([...columns])
      .execute()
}
