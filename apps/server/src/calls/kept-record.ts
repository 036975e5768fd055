import type { InsteadOfCall } from '@kav/core'
import type { CallRecord } from '@kav/core/host'
import type { Panel } from '@kav/core/panel'
import type { UploadedTo } from '../recording/uploads.ts'
import { panelOfRecord } from '../score/panel-of-record.ts'

/** What of a call may be kept in part only. */
export type KeptPart = 'counters' | 'events' | 'transcript' | 'recording'

/** A call's record as it is written. */
export interface KeptRecord extends CallRecord {
  /** How the agent took turns (docs/turn-taking.md). Absent where nobody listened for the caller's voice. */
  readonly panel?: Panel
  /** Where the recording is brought, `s3://bucket/key`. It may still be on its way: then it is in the folder. */
  readonly uploadedTo?: string
  /** Parts that lack something; absent when none does. */
  readonly incomplete?: readonly KeptPart[]
  /** The caller did not get through: why, and what came instead. Nothing was said then. */
  readonly refused?: { readonly reason: string; readonly instead: InsteadOfCall['how'] }
}

const IN_ORDER: readonly KeptPart[] = ['counters', 'events', 'transcript', 'recording']

/** The same record, with its panel. */
export function withPanel(record: CallRecord): KeptRecord {
  const panel = panelOfRecord(record)
  return panel === undefined ? record : { ...record, panel }
}

/** The same record, with where its recording is brought. */
export function withUpload(record: KeptRecord, uploaded: UploadedTo | undefined): KeptRecord {
  if (uploaded === undefined) return record
  const { address, keptLocal } = uploaded
  return { ...record, ...(!keptLocal && { recording: address }), uploadedTo: address }
}

/** The same record, of a call whose recording is not kept. */
export function withoutRecording(record: KeptRecord): KeptRecord {
  const { recording: _place, ...rest } = record
  return rest
}

/** The same record, with these parts marked beside those that are. */
export function withIncomplete(record: KeptRecord, parts: Iterable<KeptPart>): KeptRecord {
  const all = new Set([...(record.incomplete ?? []), ...parts])
  return all.size === 0 ? record : { ...record, incomplete: IN_ORDER.filter((part) => all.has(part)) }
}
