import {
  type CallQuery,
  type CallStore,
  type ErasedCall,
  type ErasedPart,
  type PluginContext,
  ProviderError,
  type StoredCall,
} from '@kav/core'
import { delay, settleWithin } from '@kav/core/kit'
import { type Expression, Kysely, sql, type Transaction } from 'kysely'
import { behind, conditionsOf, cursorOf } from './call-conditions.ts'
import { callOf, type CallRows, clean, rowsOf, stateNumber, summaryOf } from './call-rows.ts'
import { countCalls } from './count-calls.ts'
import type { Engine } from './engine.ts'
import { createOpenedStore } from './opened-store.ts'
import type { Tables } from './schema.ts'

const SUMMARY = [
  'calls.key',
  'id',
  'started_at',
  'state',
  'pipeline',
  'version',
  'node',
  'owner',
  'direction',
  'from_number',
  'to_number',
  'duration_ms',
  'outcome',
  'reason',
  'turns',
  'slowest_ms',
  'cost',
  'currency',
  'recording',
] as const
/** Rows of one statement: SQLite takes 32,766 values. */
const ROWS_AT_ONCE = 200
const MAX_ERASED = 1000
const MAX_PAGE = 1000
const CLOSE_MS = 1500
/** How long whoever erased waits for those who read. */
const SETTLE_MS = 3000
const SETTLE_EVERY_MS = 100

/** A store of calls on either engine. Opens it with the first query. */
export function createSqlStore(
  engine: Engine,
  context: Pick<PluginContext, 'clock' | 'log' | 'metrics'>,
): CallStore {
  const { clock } = context
  const db = new Kysely<Tables>({ dialect: engine.dialect })
  const inStore = createOpenedStore(db, engine, context)
  const underWay = new Set<Promise<unknown>>()
  /** What was erased stands in a file that somebody reads. */
  let unsettled = false
  let closing: Promise<void> | undefined

  function asked<T>(work: () => Promise<T>): Promise<T> {
    if (closing !== undefined) return Promise.reject(new ProviderError('bad-request', 'the store is closed'))
    const done = inStore(work)
    underWay.add(done)
    const over = (): void => void underWay.delete(done)
    done.then(over, over)
    return done
  }

  async function settle(): Promise<boolean> {
    unsettled = !(await engine.settleErasure(db))
    return !unsettled
  }

  /** What was done is done, whatever comes of it. */
  async function settleSafely(): Promise<void> {
    unsettled = true
    await settle().catch(() => undefined)
  }

  async function settleSoon(): Promise<boolean> {
    const endMs = clock.nowMs() + SETTLE_MS
    while (!(await asked(settle))) {
      if (clock.nowMs() >= endMs) return false
      await delay(clock, SETTLE_EVERY_MS)
    }
    return true
  }

  return {
    warm: () => asked(async () => undefined),
    put: (calls) =>
      asked(async () => {
        await putAll(db, engine, calls)
        if (unsettled) await settleSafely()
      }),
    find: (query, page) => asked(() => findPage(db, engine, query, page)),
    get: (id, startedAtMs) => asked(() => findOne(db, id, startedAtMs)),
    count: (query, bordersMs) => asked(() => countCalls(db, engine, query, bordersMs)),
    erase: (part, query) =>
      asked(async () => {
        const erased = await erase(db, engine, part, query)
        if (erased.length > 0 || unsettled) await settleSafely()
        return erased
      }),
    settle: settleSoon,
    isThere: () => engine.isThere(),
    close: () => (closing ??= close()),
  }

  async function close(): Promise<void> {
    // A disk or a server that hangs must not keep the process.
    await settleWithin(clock, CLOSE_MS, Promise.allSettled(underWay))
    await settleWithin(clock, CLOSE_MS, db.destroy())
  }
}

async function putAll(db: Kysely<Tables>, engine: Engine, calls: readonly StoredCall[]): Promise<void> {
  const rows = lastOfEach(calls).map(rowsOf)
  if (rows.length === 0) return
  await db.transaction().execute(async (within) => {
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
      await putSome(within, engine, rows.slice(from, from + ROWS_AT_ONCE))
  })
}

/** One statement cannot write the same row twice. */
function lastOfEach(calls: readonly StoredCall[]): readonly StoredCall[] {
  const byName = new Map<string, StoredCall>()
  for (const call of calls) {
    const name = `${call.startedAtMs} ${call.id}`
    const before = byName.get(name)
    const [kept, other] = before === undefined || replaces(call, before) ? [call, before] : [before, call]
    byName.set(name, tornBeside(kept, other))
  }
  return [...byName.values()]
}

function replaces(call: StoredCall, before: StoredCall): boolean {
  return call.state !== 'begun' && stateNumber(call.state) >= stateNumber(before.state)
}

/** What a journal lost, its beginning has told. */
const TOLD_AT_FIRST = ['version', 'node', 'from_number', 'to_number'] as const

function tornBeside(call: StoredCall, other: StoredCall | undefined): StoredCall {
  if (other === undefined || call.state !== 'torn') return call
  const { version, node, from, to } = other
  const told = { version, node, from, to }
  return {
    ...(Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as object),
    ...call,
  }
}

async function putSome(
  within: Transaction<Tables>,
  engine: Engine,
  rows: readonly CallRows[],
): Promise<void> {
  const written = await within
    .insertInto('calls')
    .values(rows.map(({ call }) => call))
    .onConflict((conflict) =>
      conflict
        .columns(['id', 'started_at'])
        .doUpdateSet((eb) => {
          const names = Object.keys(rows[0]!.call) as (keyof CallRows['call'])[]
          const wanted = names.map((name) => [name, eb.ref(`excluded.${name}` as 'excluded.id')] as const)
          const told = TOLD_AT_FIRST.map((name) => [name, keptWhenTorn(name)] as const)
          return Object.fromEntries<Expression<string | null>>([...wanted, ...told])
        })
        .where(sql<boolean>`excluded.state > 0 and excluded.state >= calls.state`),
    )
    .returning(['key', 'id', 'started_at'])
    .execute()
  const keys = new Map(written.map((row) => [`${row.started_at} ${row.id}`, row.key]))
  for (const { call } of rows)
    if (call.state === stateNumber('begun') && !keys.has(`${call.started_at} ${call.id}`))
      await tellLate(within, call)
  if (written.length === 0) return
  const texts = rows.flatMap(({ call, words, plain }) => {
    const key = keys.get(`${call.started_at} ${call.id}`)
    return key === undefined || words === undefined ? [] : { key, words, plain }
  })
  await dropWords(within, engine, [...keys.values()])
  if (texts.length === 0) return
  await within
    .insertInto('call_words')
    .values(texts.map(({ key, words }) => ({ key, words })))
    .execute()
  await engine.text.put(within, texts)
}

/** Its process died, and was found dead, before what it had told came here. */
async function tellLate(within: Transaction<Tables>, call: CallRows['call']): Promise<void> {
  await within
    .updateTable('calls')
    .set((eb) =>
      Object.fromEntries(TOLD_AT_FIRST.map((name) => [name, eb.fn.coalesce(name, eb.val(call[name]))])),
    )
    .where('id', '=', call.id)
    .where('started_at', '=', call.started_at)
    .where('state', '=', stateNumber('torn'))
    .execute()
}

function keptWhenTorn(name: (typeof TOLD_AT_FIRST)[number]) {
  const [put, there] = [sql.ref(`excluded.${name}`), sql.ref(`calls.${name}`)]
  return sql<
    string | null
  >`case when excluded.state = ${stateNumber('torn')} then coalesce(${put}, ${there}) else ${put} end`
}

async function dropWords(
  within: Transaction<Tables>,
  engine: Engine,
  keys: readonly number[],
): Promise<void> {
  await within.deleteFrom('call_words').where('key', 'in', keys).execute()
  await engine.text.remove(within, keys)
}

async function findPage(
  db: Kysely<Tables>,
  engine: Engine,
  query: CallQuery,
  { limit, cursor }: Parameters<CallStore['find']>[1],
): ReturnType<CallStore['find']> {
  const most = Math.min(Math.max(1, Math.trunc(limit)), MAX_PAGE)
  const rows = await db
    .selectFrom('calls')
    .select(SUMMARY)
    .where(conditionsOf(query, engine.text))
    .$if(cursor !== undefined, (page) => page.where(behind(cursor!)))
    .orderBy('started_at', 'desc')
    .orderBy('calls.key', 'desc')
    .limit(most + 1)
    .execute()
  const last = rows[most - 1]
  return {
    calls: rows.slice(0, most).map(summaryOf),
    ...(rows.length > most && last && { next: cursorOf(last) }),
  }
}

async function findOne(
  db: Kysely<Tables>,
  id: string,
  startedAtMs?: number,
): Promise<StoredCall | undefined> {
  const row = await db
    .selectFrom('calls')
    .leftJoin('call_words', 'call_words.key', 'calls.key')
    .select([...SUMMARY, 'facts', 'words'])
    .where('id', '=', clean(id))
    .$if(startedAtMs !== undefined, (one) => one.where('started_at', '=', startedAtMs!))
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && callOf(row)
}

async function erase(
  db: Kysely<Tables>,
  engine: Engine,
  part: ErasedPart,
  query: CallQuery,
): Promise<readonly ErasedCall[]> {
  const erased = await db.transaction().execute(async (within) => {
    const rows = await within
      .selectFrom('calls')
      .select(SUMMARY)
      .where(conditionsOf(query, engine.text))
      .$if(part === 'words', (some) =>
        some.where('calls.key', 'in', (eb) => eb.selectFrom('call_words').select('call_words.key')),
      )
      .$if(part === 'recording', (some) => some.where('recording', 'is not', null))
      .orderBy('started_at', 'asc')
      .orderBy('calls.key', 'asc')
      .limit(MAX_ERASED)
      .execute()
    const keys = rows.map(({ key }) => key)
    if (keys.length > 0) await erasePart(within, engine, part, keys)
    return rows.map(summaryOf)
  })
  return erased.map(({ id, startedAtMs, pipeline, recording }) => ({
    id,
    startedAtMs,
    pipeline,
    ...(recording !== undefined && { recording }),
  }))
}

async function erasePart(
  within: Transaction<Tables>,
  engine: Engine,
  part: ErasedPart,
  keys: readonly number[],
): Promise<void> {
  if (part === 'recording')
    return void (await within
      .updateTable('calls')
      .set({ recording: null })
      .where('key', 'in', keys)
      .execute())
  await dropWords(within, engine, keys)
  if (part === 'call') await within.deleteFrom('calls').where('key', 'in', keys).execute()
}
