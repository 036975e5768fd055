/** A cluster of its own, for one test. */
export interface PostgresServer {
  readonly port: number
  pid(): number | undefined
  /** URL of a database of its own, empty. */
  database(): string
  stop(): Promise<void>
  restart(): Promise<void>
  close(): Promise<void>
}

export function findPostgres(): string | undefined
export function startPostgres(bin?: string): Promise<PostgresServer>
