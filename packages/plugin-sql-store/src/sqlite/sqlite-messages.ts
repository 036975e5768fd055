/** What the thread of a file is asked, and answers. One question at a time. */
export interface SqliteQuestion {
  readonly sql: string
  readonly values: readonly unknown[]
}

export type SqliteAnswer =
  | { readonly rows: readonly unknown[]; readonly changes: number }
  /** `code` is SQLite's own, `SQLITE_BUSY`; the message may repeat a query. */
  | { readonly code: string; readonly message: string }

/** Another process that writes has the file for so long at most. */
export const BUSY_MS = 5000

/** A code of Kav's own: the file that was open stands at its place no more. The next question opens what is there. */
export const FILE_GONE = 'FILE_GONE'
