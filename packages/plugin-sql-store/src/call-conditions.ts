import { type CallQuery, ProviderError } from '@kav/core'
import { type Expression, type ExpressionBuilder, sql, type SqlBool } from 'kysely'
import { clean, stateNumber } from './call-rows.ts'
import type { TextIndex } from './engine.ts'
import { plainWords } from './plain-words.ts'
import type { Tables } from './schema.ts'

type Builder = ExpressionBuilder<Tables, 'calls'>

/** What a query says, for `where`. */
export function conditionsOf(query: CallQuery, text: TextIndex) {
  return (eb: Builder): Expression<SqlBool> => eb.and([...facts(eb, query), ...said(query, text)])
}

function facts(eb: Builder, query: CallQuery): Expression<SqlBool>[] {
  const { sinceMs, untilMs, from, to, party, outcome, pipeline, otherThan, node, state, slowMs, id } = query
  const found: Expression<SqlBool>[] = []
  if (sinceMs !== undefined) found.push(eb('started_at', '>=', Math.ceil(sinceMs)))
  if (untilMs !== undefined) found.push(eb('started_at', '<', Math.ceil(untilMs)))
  if (from !== undefined) found.push(eb('from_number', '=', clean(from)))
  if (to !== undefined) found.push(eb('to_number', '=', clean(to)))
  if (party !== undefined)
    found.push(eb.or([eb('from_number', '=', clean(party)), eb('to_number', '=', clean(party))]))
  if (outcome !== undefined) found.push(eb('outcome', '=', clean(outcome)))
  if (pipeline !== undefined) found.push(eb('pipeline', '=', clean(pipeline)))
  if (otherThan !== undefined && otherThan.length > 0)
    found.push(eb('pipeline', 'not in', otherThan.map(clean)))
  if (node !== undefined) found.push(eb('node', '=', clean(node)))
  if (state !== undefined) found.push(eb('calls.state', '=', stateNumber(state)))
  if (slowMs !== undefined) found.push(eb('slowest_ms', '>=', Math.ceil(slowMs)))
  if (id !== undefined) found.push(eb('id', '=', clean(id)))
  return found
}

const MAX_QUERY_WORDS = 20

/** A text without a word is in no call. */
function said({ text: wanted }: CallQuery, text: TextIndex): Expression<SqlBool>[] {
  if (wanted === undefined) return []
  const words = [...new Set(plainWords(wanted))].slice(0, MAX_QUERY_WORDS)
  return [words.length === 0 ? sql<SqlBool>`1 = 0` : text.matches(words)]
}

/** Where a page ends: the next one has what comes behind. */
export function cursorOf({ started_at: startedAt, key }: { started_at: number; key: number }): string {
  return `${startedAt}.${key}`
}

export function behind(cursor: string) {
  const parts = /^(\d{1,16})\.(\d{1,16})$/.exec(cursor)
  if (parts === null) throw new ProviderError('bad-request', 'the cursor is not one that a page gave')
  const [startedAt, key] = [Number(parts[1]), Number(parts[2])]
  return (eb: Builder): Expression<SqlBool> =>
    eb.or([
      eb('started_at', '<', startedAt),
      eb.and([eb('started_at', '=', startedAt), eb('calls.key', '<', key)]),
    ])
}
