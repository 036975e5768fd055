import type { LatencyHistogram } from '@kav/client'

/** How many took at most so long, bucket by bucket. */
export interface Histogram {
  /** Ascending. */
  readonly upToMs: readonly number[]
  /** Of all up to there; more than the last took longer than any border. */
  readonly counts: readonly number[]
  readonly count: number
}

/** Several in one: what has a border of its own counts up to the next that all have. */
export function addedUp(histograms: readonly Histogram[]): Histogram {
  const [first, ...others] = histograms
  const upToMs = (first?.upToMs ?? []).filter((border) => others.every((one) => one.upToMs.includes(border)))
  return {
    upToMs,
    counts: upToMs.map((border) =>
      histograms.reduce((sum, one) => sum + one.counts[one.upToMs.indexOf(border)]!, 0),
    ),
    count: histograms.reduce((sum, { count }) => sum + count, 0),
  }
}

/** As `histogram_quantile` of Prometheus has it: even within a bucket. `undefined`: nothing was counted. */
export function quantileOf({ upToMs, counts, count }: Histogram, quantile: number): number | undefined {
  if (count === 0) return undefined
  const rank = quantile * count
  const at = counts.findIndex((sum) => sum >= rank)
  // Beyond the last border nothing is known but that.
  if (at < 0) return upToMs.at(-1)
  const [floor, below] = at === 0 ? [0, 0] : [upToMs[at - 1]!, counts[at - 1]!]
  const within = counts[at]! - below
  return within === 0 ? upToMs[at] : floor + (upToMs[at]! - floor) * ((rank - below) / within)
}

export type LatencyStep = LatencyHistogram['step']

export const STEPS = [
  'turn_end',
  'first_token',
  'first_audio',
  'first_frame',
] as const satisfies LatencyStep[]

/** Of one pipeline, or of all in sum. */
export function latencyBySteps(
  latency: readonly LatencyHistogram[],
  pipeline: string | undefined,
): Readonly<Record<LatencyStep, Histogram>> {
  const own = latency.filter((one) => pipeline === undefined || one.pipeline === pipeline)
  const entries = STEPS.map((step) => [step, addedUp(own.filter((one) => one.step === step))] as const)
  return Object.fromEntries(entries) as Record<LatencyStep, Histogram>
}
