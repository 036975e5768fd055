import type { SpanAttributes } from './attribute-table.ts'
import type { SpanName } from './span-table.ts'

/** One span of a call. Times are whole ms since the call began. */
export interface CallSpan {
  /** Unique within the call, and the same whenever it is made of the same events: `turn 3`, `turn 3/llm 1`. */
  readonly key: string
  /** The key of the span that it lies in; `undefined`: it is the call. */
  readonly parent: string | undefined
  readonly name: SpanName
  readonly startMs: number
  readonly endMs: number
  readonly attributes: SpanAttributes
  /** It failed. */
  readonly error: string | undefined
  readonly events: readonly SpanEvent[]
}

/** A moment within a span: an event of the call. */
export interface SpanEvent {
  readonly name: string
  readonly atMs: number
  readonly attributes: Readonly<Record<string, string | number | boolean>>
}

export const CALL_KEY = 'call'
