/** What the thread of a file is asked, and answers. One question at a time. */
export interface SqliteQuestion {
  readonly sql: string
  readonly values: readonly unknown[]
}

export type SqliteAnswer =
  | { readonly rows: readonly unknown[]; readonly changes: number }
  /** `code` is SQLite's own, `SQLITE_BUSY`; the message may repeat a query. */
  | { readonly code: string; readonly message: string }
