import type { PluginContext } from '@kav/core'
import type { ConnectionPool } from '@kav/google-cloud'
import type { Connection } from './connection.ts'
import type { ResolvedParams } from './params.ts'

/** What all sessions and requests of one provider share. */
export interface ProviderParts {
  readonly params: ResolvedParams
  readonly context: PluginContext
  readonly pool: ConnectionPool<Connection>
}
