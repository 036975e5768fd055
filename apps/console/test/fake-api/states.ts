import type { CallRecord, CallSummary, Figures, LiveCall, LiveCallDetail } from '@kav/client'
import type { PipelineFile, Pipelines } from '@kav/client'
import { FIGURES, NO_FIGURES } from './figures.ts'
import { manySummaries } from './history.ts'
import { detailOf, LIVE_CALLS } from './live.ts'
import { PIPELINE_FILES, PIPELINES } from './pipelines.ts'
import { HEBREW_RECORD, PLAIN_RECORD, summaryOf, TORN_RECORD } from './records.ts'
import { twoVoices } from './two-voices.ts'

/** All that a fake server knows. */
export interface FakeState {
  readonly live: readonly LiveCall[]
  readonly details: ReadonlyMap<string, LiveCallDetail>
  readonly history: readonly CallSummary[]
  readonly records: ReadonlyMap<string, CallRecord>
  readonly recordings: ReadonlyMap<string, Uint8Array>
  readonly figures: Figures
  readonly pipelines: Pipelines
  readonly pipelineFiles: ReadonlyMap<string, PipelineFile>
}

/** A server that took no call yet. */
export function emptyState(): FakeState {
  return {
    live: [],
    details: new Map(),
    history: [],
    records: new Map(),
    recordings: new Map(),
    figures: NO_FIGURES,
    pipelines: { pipelines: [] },
    pipelineFiles: new Map(),
  }
}

/** A server at work: some calls run, in two languages; some are over, one of them was torn. */
export function busyState(): FakeState {
  const records = [PLAIN_RECORD, HEBREW_RECORD, TORN_RECORD]
  return {
    live: LIVE_CALLS,
    details: new Map(LIVE_CALLS.map((call) => [call.id, detailOf(call)])),
    history: records.map(summaryOf),
    records: new Map(records.map((record) => [record.callId, record])),
    recordings: new Map([PLAIN_RECORD, HEBREW_RECORD].map((record) => [record.callId, twoVoices(record)])),
    figures: FIGURES,
    pipelines: PIPELINES,
    pipelineFiles: PIPELINE_FILES,
  }
}

/** The same with ten thousand calls behind it. */
export function longState(calls = 10_000): FakeState {
  const state = busyState()
  return { ...state, history: [...state.history, ...manySummaries(calls - state.history.length)] }
}
