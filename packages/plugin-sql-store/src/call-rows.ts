import {
  type CallSummary,
  ProviderError,
  type StoredCall,
  type StoredState,
  type StoredWords,
} from '@kav/core'
import type { Insertable, Selectable } from 'kysely'
import { plainWords } from './plain-words.ts'
import type { CallsTable } from './schema.ts'

const STATES: readonly StoredState[] = ['begun', 'torn', 'ended']

export const stateNumber = (state: StoredState): number => STATES.indexOf(state)

/** A call as its rows. */
export interface CallRows {
  readonly call: Insertable<CallsTable>
  readonly words: string | undefined
  /** What is indexed of it. */
  readonly plain: readonly string[]
}

/** Throws `bad-request` for what JSON cannot carry. */
export function rowsOf(stored: StoredCall): CallRows {
  const { id, startedAtMs, state, pipeline, version, node, owner, direction, from, to, facts, words } = stored
  return {
    call: {
      id: clean(id),
      started_at: startedAtMs,
      state: stateNumber(state),
      pipeline: clean(pipeline),
      version: text(version),
      node: text(node),
      owner: text(owner),
      direction,
      from_number: text(from),
      to_number: text(to),
      duration_ms: stored.durationMs,
      outcome: text(stored.outcome),
      reason: text(stored.reason),
      turns: stored.turns,
      slowest_ms: stored.slowestMs ?? null,
      cost: stored.cost ?? null,
      currency: text(stored.currency),
      recording: text(stored.recording),
      facts: json(facts),
    },
    words: words && json(words),
    plain: plainWords((words?.lines ?? []).map((line) => line.text).join(' ')),
  }
}

export type SummaryRow = Omit<Selectable<CallsTable>, 'facts'>

export function summaryOf(row: SummaryRow): CallSummary {
  const found = {
    id: row.id,
    startedAtMs: row.started_at,
    state: STATES[row.state] ?? 'torn',
    pipeline: row.pipeline,
    version: row.version,
    node: row.node,
    owner: row.owner,
    direction: row.direction,
    from: row.from_number,
    to: row.to_number,
    durationMs: row.duration_ms,
    outcome: row.outcome,
    reason: row.reason,
    turns: row.turns,
    slowestMs: row.slowest_ms,
    cost: row.cost,
    currency: row.currency,
    recording: row.recording,
  }
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== null),
  ) as unknown as CallSummary
}

export function callOf(row: Selectable<CallsTable> & { readonly words: string | null }): StoredCall {
  return {
    ...summaryOf(row),
    facts: JSON.parse(row.facts) as StoredCall['facts'],
    ...(row.words !== null && { words: JSON.parse(row.words) as StoredWords }),
  }
}

function text(value: string | undefined): string | null {
  return value === undefined ? null : clean(value)
}

/** No database takes a zero character in a text, or half of a pair. */
export function clean(value: string): string {
  return value.replaceAll('\u0000', '').replaceAll(/[\ud800-\udfff]/gu, '\ufffd')
}

function json(value: object): string {
  try {
    return JSON.stringify(value)
  } catch {
    throw new ProviderError('bad-request', 'a call holds what JSON cannot carry')
  }
}
