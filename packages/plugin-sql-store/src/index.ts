import { resolve } from 'node:path'
import { type CallStore, definePlugin, type PluginContext } from '@kav/core'
import { type Params, ParamsSchema } from './params.ts'
import { createPostgresEngine } from './postgres/postgres-engine.ts'
import { createSqlStore } from './sql-store.ts'
import { createSqliteEngine } from './sqlite/sqlite-engine.ts'

/** The plugin of calls in a database. */
export const sqlStore = definePlugin({
  kind: 'store',
  name: 'sql-store',
  description:
    'Keeps calls in SQLite (a file, by default) or PostgreSQL (by url), and finds them by numbers, words and facts.',
  params: ParamsSchema,
  create: openStore,
})

export default sqlStore

function openStore(
  { file, url, max_connections: maxConnections }: Params,
  context: PluginContext,
): CallStore {
  return createSqlStore(
    url === undefined ? createSqliteEngine(resolve(file)) : createPostgresEngine({ url, maxConnections }),
    context,
  )
}
