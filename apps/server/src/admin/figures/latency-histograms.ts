import { type Static, Type } from '@kav/core'
import type { Figures } from '../../metrics.ts'
import { type FigureValue, valuesOf } from './figure-values.ts'

const STEPS = ['turn_end', 'first_token', 'first_audio', 'first_frame'] as const
type Step = (typeof STEPS)[number]

export const LATENCY_HISTOGRAM = Type.Object(
  {
    pipeline: Type.String(),
    step: Type.Unsafe<Step>({ type: 'string', enum: [...STEPS] }),
    count: Type.Integer({ description: 'Turns that got to this step.' }),
    sumMs: Type.Number(),
    upToMs: Type.Array(Type.Number(), { description: 'Borders of the buckets, ascending.' }),
    counts: Type.Array(Type.Integer(), {
      description:
        'For each border, how many took at most so long; the difference to `count` took longer than the last.',
    }),
  },
  {
    $id: 'LatencyHistogram',
    additionalProperties: false,
    description: 'From the end of the caller’s speech to one step of the answer, since the process began.',
  },
)
export type LatencyHistogram = Static<typeof LATENCY_HISTOGRAM>

const METRIC = 'kav_turn_latency_seconds'
const MS_PER_SECOND = 1000

/** One for each pipeline and step that has had a turn. */
export function latencyHistograms(figures: Figures): readonly LatencyHistogram[] {
  const values = valuesOf(figures, METRIC)
  const pipelines = [...new Set(values.map(({ labels }) => String(labels['pipeline'] ?? '')))]
  return pipelines.flatMap((pipeline) =>
    STEPS.flatMap((step) => {
      const own = values.filter(
        ({ labels }) => labels['step'] === step && String(labels['pipeline'] ?? '') === pipeline,
      )
      return own.length === 0 ? [] : [histogramOf(pipeline, step, own)]
    }),
  )
}

function histogramOf(pipeline: string, step: Step, values: readonly FigureValue[]): LatencyHistogram {
  const only = (name: string): number => values.find(({ metricName }) => metricName === name)?.value ?? 0
  const buckets = values
    .filter(({ metricName, labels }) => metricName === `${METRIC}_bucket` && labels['le'] !== '+Inf')
    .map(({ labels, value }) => ({ upToMs: inMs(Number(labels['le'])), value }))
    .sort((one, other) => one.upToMs - other.upToMs)
  return {
    pipeline,
    step,
    count: only(`${METRIC}_count`),
    sumMs: inMs(only(`${METRIC}_sum`)),
    upToMs: buckets.map(({ upToMs }) => upToMs),
    counts: buckets.map(({ value }) => value),
  }
}

/** Whole microseconds: a thousand times a fraction is no round figure. */
function inMs(seconds: number): number {
  return Math.round(seconds * MS_PER_SECOND * 1000) / 1000
}
