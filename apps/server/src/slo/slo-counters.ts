import type { CallRefusal, HangUpReason, Metrics } from '@kav/core'
import type { CallEvent } from '@kav/core/host'
import type { BurnBook } from './burn-book.ts'
import { type ObjectiveName, objectivesOf, type Slo } from './objectives.ts'

/** Counts what a pipeline promises, from what its calls tell anyway. */
export interface SloCounters {
  onEvent(event: CallEvent): void
  onRefused(instead: CallRefusal['instead']['how']): void
}

const FAULTS: ReadonlySet<unknown> = new Set<HangUpReason>([
  'failure',
  'gave-up',
  'transport-error',
  'shutdown',
])
const MS_PER_MINUTE = 60_000

/** All series are there from the start, so that the first bad one is an increase. */
export function createSloCounters(
  slo: Slo,
  { pipeline, metrics, burns }: { pipeline: string; metrics: Metrics; burns?: BurnBook | undefined },
): SloCounters {
  const counted = new Map<ObjectiveName, ReturnType<BurnBook['of']> | undefined>()
  for (const objective of objectivesOf(slo)) {
    const { name, target, allowed } = objective
    counted.set(name, burns?.of(pipeline, objective))
    metrics.gauge('slo_objective', target, { slo: name })
    metrics.gauge('slo_allowed', allowed, { slo: name })
    tell(name, 0, 0)
  }

  function tell(name: ObjectiveName, events: number, bad: number): void {
    if (!counted.has(name)) return
    metrics.count('slo_events_total', events, { slo: name })
    metrics.count('slo_bad_total', bad, { slo: name })
    if (events > 0 || bad > 0) counted.get(name)?.(events, bad)
  }

  function answered(firstFrameMs: unknown): void {
    if (typeof firstFrameMs !== 'number') return
    tell('answers', 1, firstFrameMs > (slo.answer_p95_ms ?? Infinity) ? 1 : 0)
  }

  function ended(fields: CallEvent['fields']): void {
    const isFault = FAULTS.has(fields['ended_by'])
    tell('availability', 1, isFault ? 1 : 0)
    tell('first_words', 1, numberOf(fields['rx_queue_dropped_frames']) > 0 ? 1 : 0)
    tell('gaps', numberOf(fields['duration_ms']) / MS_PER_MINUTE, numberOf(fields['tx_underruns']))
  }

  return {
    onEvent({ event, fields }) {
      if (event === 'turn_latency') answered(fields['first_frame_ms'])
      else if (event === 'call_ended') ended(fields)
    },
    onRefused(instead) {
      // Another process, or a person, takes the others.
      if (instead === 'refuse') tell('availability', 1, 1)
    },
  }
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
