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
  /** Whether there is a store to be read, without making one. */
  isThere(): Promise<boolean>
  /**
   * Behind an erasure: nothing of it stays in the engine's files, as far as it can say so. False: another one reads
   * them, and what was erased stands there until this is done again.
   */
  settleErasure(db: Kysely<Tables>): Promise<boolean>
  /** What was open is gone from its place. The next query opens what is there by now, or makes it. */
  isGone(thrown: unknown): boolean
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
