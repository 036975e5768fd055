import type { FleetNotice } from '@kav/core'
import type { CallRecord } from '@kav/core/host'

/** What others of a fleet are told of a call that is over: nothing that was said in it, and nobody's number. */
export interface CallNotice {
  readonly call: string
  readonly pipeline: string
  readonly started_at: string
  readonly duration_ms: number
  readonly ended_by: string
}

export function callNotice({ callId, pipeline, startedAt, durationMs, endedBy }: CallRecord): CallNotice {
  return { call: callId, pipeline, started_at: startedAt, duration_ms: durationMs, ended_by: endedBy }
}

export function asNotice(notice: CallNotice): FleetNotice {
  return { kind: 'call-ended', id: notice.call, body: notice }
}
