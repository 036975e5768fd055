import type { ProviderError } from '@kav/core'
import type { ColumnDataType, Dialect, Expression, Kysely, RawBuilder, SqlBool, Transaction } from 'kysely'
import type { Tables } from './schema.ts'

/** What differs between the engines; everything else is the same for both. */
export interface Engine {
  readonly name: 'SQLite' | 'PostgreSQL'
  /** Opens nothing before the first query. */
  readonly dialect: Dialect
  /** Type of a key that the engine counts itself. */
  readonly keyType: ColumnDataType | RawBuilder<unknown>
  readonly text: TextIndex
  /** Behind an erasure: nothing of it stays in the engine's files, as far as it can say so. */
  settleErasure(db: Kysely<Tables>): Promise<void>
  /** What an engine's own error means; its message repeats nothing of a call. */
  faultOf(thrown: unknown): ProviderError
}

/** Which words were said in which call. Words are those of `plainWords`. */
export interface TextIndex {
  create(db: Kysely<Tables>): Promise<void>
  put(db: Transaction<Tables>, rows: readonly { key: number; plain: readonly string[] }[]): Promise<void>
  remove(db: Transaction<Tables>, keys: readonly number[]): Promise<void>
  /** Calls in which all of these were said, each perhaps as the beginning of a word. At least one. */
  matches(words: readonly string[]): Expression<SqlBool>
}
