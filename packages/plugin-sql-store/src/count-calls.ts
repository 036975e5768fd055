import type { CallCount, CallQuery } from '@kav/core'
import { expressionBuilder, type Kysely, sql } from 'kysely'
import { conditionsOf } from './call-conditions.ts'
import type { Engine } from './engine.ts'
import type { Tables } from './schema.ts'

interface CountRow {
  readonly span: number
  readonly outcome: string | null
  readonly calls: number
}

/** One look into the index of times for each span: calls beyond the spans are not read, however many there are. */
export async function countCalls(
  db: Kysely<Tables>,
  engine: Engine,
  query: CallQuery,
  bordersMs: readonly number[],
): Promise<readonly CallCount[]> {
  const borders = bordersMs.map((ms) => Math.ceil(ms))
  const spans = borders.slice(1).map((until, span) => {
    const row = [span, borders[span], until].map((whole) => sql`cast(${whole} as bigint)`)
    return sql`(${sql.join(row)})`
  })
  if (spans.length === 0) return []
  const meant = conditionsOf(query, engine.text)(expressionBuilder<Tables, 'calls'>())
  // A cross join keeps SQLite from reading all calls once for each of the spans.
  const { rows } = await sql<CountRow>`
    with spans (span, since, until) as (values ${sql.join(spans)})
    select spans.span, calls.outcome, count(*) as calls
    from spans cross join calls
    where calls.started_at >= spans.since and calls.started_at < spans.until and ${meant}
    group by spans.span, calls.outcome`.execute(db)
  return rows.map(({ span, outcome, calls }) => ({ span, ...(outcome !== null && { outcome }), calls }))
}
