import { type Histogram, histogramOf } from './histogram.ts'
import { type Sample, samplesOf } from './prometheus-text.ts'

export interface ProviderHealth {
  readonly pipeline: string
  readonly kind: string
  readonly provider: string
  readonly region?: string
  /** `half-open`: it was down, and is being tried. */
  readonly state: 'closed' | 'open' | 'half-open'
  /** Of the fault that it is down with. */
  readonly code?: string
}

/** What `/readyz` says of a process. */
export interface Readiness {
  readonly ready: boolean
  readonly reason?: string
  readonly calls: number
  readonly promised_calls: number
  readonly pipelines: readonly {
    readonly name: string
    readonly calls: number
    readonly refusing?: string
    readonly able: boolean
    readonly providers: readonly Omit<ProviderHealth, 'pipeline'>[]
  }[]
}

export const STEPS = ['turn_end', 'first_token', 'first_audio', 'first_frame'] as const
export type LatencyStep = (typeof STEPS)[number]

export interface Figures {
  readonly calls: number
  readonly promised: number
  readonly ready: boolean
  readonly reason?: string
  readonly latency: Readonly<Record<LatencyStep, Histogram>>
  readonly providers: readonly ProviderHealth[]
  /** Since the process began. */
  readonly totals: readonly { readonly name: string; readonly value: number; readonly bad: boolean }[]
}

const TOTALS = [
  { metric: 'kav_call_events_total', where: { event: 'call_started' }, name: 'Calls begun', bad: false },
  { metric: 'kav_call_events_total', where: { event: 'turn_ended' }, name: 'Turns of callers', bad: false },
  { metric: 'kav_call_events_total', where: { event: 'interrupted' }, name: 'Interruptions', bad: false },
  { metric: 'kav_calls_refused_total', where: {}, name: 'Calls refused', bad: true },
  { metric: 'kav_gave_up_total', where: {}, name: 'Calls given up', bad: true },
  { metric: 'kav_tx_underruns_total', where: {}, name: 'Gaps that callers heard', bad: true },
  { metric: 'kav_rx_queue_dropped_frames_total', where: {}, name: 'Frames of callers lost', bad: true },
  { metric: 'kav_tx_queue_dropped_frames_total', where: {}, name: 'Frames of the agent lost', bad: true },
  {
    metric: 'kav_call_events_total',
    where: { event: 'llm_failed' },
    name: 'Model requests failed',
    bad: true,
  },
  { metric: 'kav_call_events_total', where: { event: 'tts_failed' }, name: 'Clauses not spoken', bad: true },
  { metric: 'kav_call_events_total', where: { event: 'stt_lost' }, name: 'Recognitions lost', bad: true },
] as const

/** @param metrics the text of `/metrics` */
export function figuresOf(metrics: string, readiness: Readiness): Figures {
  const samples = samplesOf(metrics)
  const histogram = (step: LatencyStep): Histogram =>
    histogramOf(samples, 'kav_turn_latency_seconds', { step })
  return {
    calls: readiness.calls,
    promised: readiness.promised_calls,
    ready: readiness.ready,
    ...(readiness.reason !== undefined && { reason: readiness.reason }),
    latency: Object.fromEntries(STEPS.map((step) => [step, histogram(step)])) as Figures['latency'],
    providers: readiness.pipelines.flatMap(({ name, providers }) =>
      providers.map((provider) => ({ pipeline: name, ...provider })),
    ),
    totals: TOTALS.map(({ metric, where, name, bad }) => ({
      name,
      bad,
      value: sumOf(samples, metric, where),
    })),
  }
}

function sumOf(samples: readonly Sample[], metric: string, where: Readonly<Record<string, string>>): number {
  return samples
    .filter(
      ({ name, labels }) =>
        name === metric && Object.entries(where).every(([label, value]) => labels[label] === value),
    )
    .reduce((sum, { value }) => sum + value, 0)
}
