import { resolve } from 'node:path'
import { type CallStore, definePlugin, type PluginContext } from '@kav/core'
import { checkFiles, checkParams } from './check-params.ts'
import type { Engine } from './engine.ts'
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
  check: checkParams,
  checkFiles,
})

export default sqlStore

function openStore(params: Params, context: PluginContext): CallStore {
  return createSqlStore(createEngine(params, context.baseDir), context)
}

function createEngine(params: Params, baseDir: string): Engine {
  const { file, url, password_file: passwordFile, max_connections: maxConnections } = params
  if (url === undefined) return createSqliteEngine(resolve(file))
  return createPostgresEngine({
    url,
    maxConnections,
    ...(passwordFile !== undefined && { passwordFile: resolve(baseDir, passwordFile) }),
  })
}
