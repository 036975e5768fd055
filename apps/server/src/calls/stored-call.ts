import type { CallSummary, StoredCall, StoredFacts } from '@kav/core'
import type { CallRecord } from '@kav/core/host'
import { withoutTranscript } from './call-files.ts'
import type { ProcessMark } from '../process/process-mark.ts'
import { plainNumber } from './plain-number.ts'
import type { KeptRecord } from './kept-record.ts'

/** The mark of a process as a store keeps it. */
export const ownerText = (mark: ProcessMark): string => JSON.stringify(mark)

/** How a record is put, beside what it says itself. */
export interface StoredAs {
  readonly state: StoredCall['state']
  /** Whether what was said is kept. */
  readonly words: boolean
  /** The process that has the call. */
  readonly owner: string
}

/** A record as a store keeps it: what was said, and what may repeat it, apart from the facts. */
export function storedCall(record: KeptRecord, { state, words, owner }: StoredAs): StoredCall {
  const { callId, pipeline, pipelineVersion, node, direction, startedAt, durationMs, endedBy, recording } =
    record
  const { callId: _id, transcript: _transcript, ...facts } = withoutTranscript(record)
  const slowestMs = slowestOf(record)
  return {
    id: callId,
    startedAtMs: Date.parse(startedAt),
    state,
    pipeline,
    ...(pipelineVersion !== undefined && { version: pipelineVersion }),
    ...(node !== undefined && { node }),
    owner,
    direction,
    ...(words && record.from !== undefined && { from: plainNumber(record.from) }),
    ...(words && record.to !== undefined && { to: plainNumber(record.to) }),
    durationMs: Math.round(durationMs),
    ...(state !== 'begun' && { outcome: endedBy }),
    turns: record.turns.length,
    ...(slowestMs !== undefined && { slowestMs }),
    ...(record.cost && { cost: record.cost.total, currency: record.cost.currency }),
    ...(recording !== undefined && { recording }),
    facts: JSON.parse(JSON.stringify(facts)) as StoredFacts,
    ...(words && {
      words: {
        lines: record.transcript,
        more: JSON.parse(JSON.stringify({ tools: record.tools, events: record.events })) as StoredFacts,
      },
    }),
  }
}

/** The record again; what was erased of it is not there. */
export function recordOfStored({ id, facts, words, ...summary }: StoredCall): KeptRecord {
  const { recording: _recording, ...kept } = facts
  return {
    ...(kept as unknown as Omit<KeptRecord, 'callId' | 'transcript'>),
    callId: id,
    ...(summary.from !== undefined && { from: summary.from }),
    ...(summary.to !== undefined && { to: summary.to }),
    ...(summary.recording !== undefined && { recording: summary.recording }),
    ...(words?.more as Partial<CallRecord> | undefined),
    transcript: words?.lines ?? [],
  }
}

/** The longest that the caller waited for the first sound of an answer. */
function slowestOf({ turns }: CallRecord): CallSummary['slowestMs'] {
  const waits = turns.map((turn) => turn['first_frame_ms']).filter((ms) => typeof ms === 'number')
  return waits.length === 0 ? undefined : Math.max(...waits)
}
