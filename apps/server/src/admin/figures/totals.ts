import { type Static, Type } from '@kav/core'
import type { Figures } from '../../metrics.ts'
import { sumOfValues, valuesOf } from './figure-values.ts'

interface Counted {
  readonly metric: string
  /** One of these labels; absent: all of the metric. */
  readonly where?: readonly Readonly<Record<string, string>>[]
  readonly means: string
}

const event = (name: string, means: string): Counted => ({
  metric: 'kav_call_events_total',
  where: [{ event: name }],
  means,
})

/** What the totals are taken from: the figures that `/metrics` has. */
export const TOTALS = {
  callsBegun: event('call_started', 'Calls that have come.'),
  callsEnded: event('call_ended', 'Those of them that are over.'),
  callerTurns: event('turn_ended', 'Turns of callers.'),
  interruptions: event('interrupted', 'Agents stopped by a caller who spoke over them, or by an operator.'),
  callsRefused: { metric: 'kav_calls_refused_total', means: 'Callers who were not taken.' },
  promisesExpired: {
    metric: 'kav_call_promises_expired_total',
    means: 'Calls that were promised and never came.',
  },
  callsGivenUp: { metric: 'kav_gave_up_total', means: 'Calls that were given up: turn after turn failed.' },
  callsLost: { metric: 'kav_worker_calls_lost_total', means: 'Calls that ended with their worker.' },
  underruns: { metric: 'kav_tx_underruns_total', means: 'Gaps that callers heard.' },
  callerFramesLost: {
    metric: 'kav_rx_queue_dropped_frames_total',
    means: 'Frames of callers that were lost.',
  },
  agentFramesLost: {
    metric: 'kav_tx_queue_dropped_frames_total',
    means: 'Frames of the agent that were lost.',
  },
  modelFailures: event('llm_failed', 'Requests to models that failed.'),
  speechFailures: event('tts_failed', 'Clauses that were not spoken.'),
  recognitionsLost: event('stt_lost', 'Sessions of recognition that broke off.'),
  toolFailures: {
    metric: 'kav_tool_calls_total',
    where: [{ outcome: 'failed' }, { outcome: 'timeout' }],
    means: 'Tools that failed or took too long.',
  },
  recordsLost: { metric: 'kav_call_files_failed_total', means: 'Files of calls that could not be written.' },
  storeCallsLost: { metric: 'kav_store_calls_lost_total', means: 'Calls that are in no store.' },
} as const satisfies Readonly<Record<string, Counted>>

type Total = keyof typeof TOTALS

export const TOTALS_SCHEMA = Type.Object(
  Object.fromEntries(
    Object.entries(TOTALS).map(([name, { means }]) => [name, Type.Integer({ description: means })]),
  ) as Record<Total, ReturnType<typeof Type.Integer>>,
  { $id: 'Totals', additionalProperties: false, description: 'What was counted since the process began.' },
)

export function totalsOf(figures: Figures): Static<typeof TOTALS_SCHEMA> {
  const counted = Object.entries(TOTALS).map(([name, { metric, where = [{}] }]: [string, Counted]) => [
    name,
    where.reduce((sum, labels) => sum + sumOfValues(valuesOf(figures, metric, labels)), 0),
  ])
  return Object.fromEntries(counted) as Static<typeof TOTALS_SCHEMA>
}
