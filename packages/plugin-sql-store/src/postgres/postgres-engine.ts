import { asProviderError, isProviderError, ProviderError, type ProviderErrorClass } from '@kav/core'
import { type Kysely, PostgresDialect, type PostgresPool, sql, type SqlBool } from 'kysely'
import type { Engine, TextIndex } from '../engine.ts'
import type { Tables } from '../schema.ts'
import { readPassword } from '../password-file.ts'

export interface PostgresOptions {
  readonly url: string
  /** Holds the password that `url` has not; read before every connection. */
  readonly passwordFile?: string
  readonly maxConnections: number
}

const CONNECT_MS = 5000
/** A server that does not answer must not hold whoever asks. */
const QUERY_MS = 30_000
const IDLE_MS = 10_000

/** PostgreSQL, with its own full-text index. Connects with the first query. */
export function createPostgresEngine(options: PostgresOptions): Engine {
  return {
    name: 'PostgreSQL',
    dialect: new PostgresDialect({ pool: () => openPool(options) }),
    keyType: sql`bigserial`,
    text: TSVECTOR,
    isThere: async () => true,
    // Its own VACUUM takes away what is left.
    settleErasure: async () => true,
    isGone: () => false,
    faultOf,
  }
}

const INT8_OID = 20

async function openPool({ url, passwordFile, maxConnections }: PostgresOptions): Promise<PostgresPool> {
  // Only who has a server pays for its client.
  const [{ default: pg }, { parseIntoClientConfig }] = await Promise.all([
    import('pg'),
    import('pg-connection-string'),
  ])
  const pool = new pg.Pool({
    ...(passwordFile === undefined
      ? { connectionString: url }
      : // Beside `connectionString` the client would take no password.
        { ...parseIntoClientConfig(url), password: () => readPassword(passwordFile) }),
    max: maxConnections,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    query_timeout: QUERY_MS,
    statement_timeout: QUERY_MS,
    application_name: 'kav',
    // Times in ms and keys are whole numbers that a double holds.
    types: {
      getTypeParser: (oid, format) =>
        Number(oid) === INT8_OID
          ? Number
          : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
    },
  })
  // A connection that breaks while nobody asks: the next one who does gets another.
  pool.on('error', () => undefined)
  // One that breaks between two queries of a transaction: the next of them is told.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** A table of its own: words are gone with their row. The words are ours, so no language of the server's is asked. */
const TSVECTOR: TextIndex = {
  async create(db: Kysely<Tables>) {
    await sql`create table call_text (key bigint primary key references calls on delete cascade, words tsvector not null)`.execute(
      db,
    )
    await sql`create index call_text_by_word on call_text using gin (words)`.execute(db)
  },
  async put(db, rows) {
    const values = rows.map(
      ({ key, plain }) => sql`(${key}::bigint, array_to_tsvector(${[...new Set(plain)]}::text[]))`,
    )
    await sql`insert into call_text (key, words) values ${sql.join(values)}`.execute(db)
  },
  async remove(db, keys) {
    await sql`delete from call_text where key in (${sql.join([...keys])})`.execute(db)
  },
  matches(words) {
    // Letters and digits alone: nothing that a query of words means something by.
    const wanted = words.map((word) => `'${word}':*`).join(' & ')
    return sql<SqlBool>`calls.key in (select call_text.key from call_text where call_text.words @@ ${wanted}::tsquery)`
  },
}

/** By the class of the SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const CLASSES: Readonly<Record<string, ProviderErrorClass>> = {
  '08': 'network',
  '57': 'network',
  '53': 'quota',
  '54': 'quota',
  // Faults of the call itself. Whatever else is wrong, the call waits.
  '22': 'bad-data',
  '23': 'bad-data',
  '28': 'auth',
  '42': 'auth',
  '3D': 'auth',
  '40': 'timeout',
  '55': 'timeout',
}

/** What a person can see to. */
const WORDS: Readonly<Record<string, string>> = {
  '25006': 'it can only be read',
  '28P01': 'its password is wrong',
  '42501': 'its user may not do this',
  '42P01': 'a table is missing',
  '53100': 'its disk is full',
  '57P01': 'it is being stopped',
  '57P03': 'it is not ready',
}

function faultOf(thrown: unknown): ProviderError {
  if (isProviderError(thrown)) return thrown
  const { code, message } = (thrown ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code)) {
    // What the server says may repeat what was to be written.
    const found = CLASSES[code.slice(0, 2)] ?? 'network'
    const why = WORDS[code] === undefined ? '' : `: ${WORDS[code]}`
    return new ProviderError(found, `PostgreSQL refused${why} (SQLSTATE ${code})`)
  }
  if (/password must be a/.test(String(message)))
    return new ProviderError(
      'auth',
      'PostgreSQL asks for a password, and neither url nor password_file has one',
    )
  if (/timeout/i.test(String(message))) return new ProviderError('timeout', 'PostgreSQL does not answer')
  const { class: network } = asProviderError(thrown, 'PostgreSQL')
  const why = typeof code === 'string' ? ` (${code})` : ''
  return new ProviderError(network === 'bad-data' ? 'network' : network, `PostgreSQL cannot be reached${why}`)
}
