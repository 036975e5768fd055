import type { Generated } from 'kysely'

/** One row a call: what is searched for and listed. Names are those of `CallSummary`. */
export interface CallsTable {
  readonly key: Generated<number>
  readonly id: string
  readonly started_at: number
  /** 0 begun, 1 torn, 2 ended: what is higher replaces what is lower. */
  readonly state: number
  readonly pipeline: string
  readonly version: string | null
  readonly node: string | null
  readonly owner: string | null
  readonly direction: string
  readonly from_number: string | null
  readonly to_number: string | null
  readonly duration_ms: number
  readonly outcome: string | null
  readonly reason: string | null
  readonly turns: number
  readonly slowest_ms: number | null
  readonly cost: number | null
  readonly currency: string | null
  readonly recording: string | null
  /** JSON. */
  readonly facts: string
}

/** What was said, apart: it goes before the rest does. */
export interface WordsTable {
  readonly key: number
  /** JSON of `StoredWords`. */
  readonly words: string
}

export interface Tables {
  readonly calls: CallsTable
  readonly call_words: WordsTable
}
