import type { Sample } from './prometheus-text.ts'

/** How many took at most so long, bucket by bucket. */
export interface Histogram {
  /** Ascending; the last is Infinity. */
  readonly upTo: readonly number[]
  /** Of all up to there. */
  readonly counts: readonly number[]
  readonly count: number
}

/** All samples of one histogram in one, whatever other labels they have. */
export function histogramOf(
  samples: readonly Sample[],
  name: string,
  where: Readonly<Record<string, string>>,
): Histogram {
  const byBorder = new Map<number, number>()
  for (const { name: its, labels, value } of samples) {
    if (its !== `${name}_bucket`) continue
    if (Object.entries(where).some(([label, wanted]) => labels[label] !== wanted)) continue
    const border = labels['le'] === '+Inf' ? Infinity : Number(labels['le'])
    byBorder.set(border, (byBorder.get(border) ?? 0) + value)
  }
  const upTo = [...byBorder.keys()].sort((one, other) => one - other)
  const counts = upTo.map((border) => byBorder.get(border)!)
  return { upTo, counts, count: counts.at(-1) ?? 0 }
}

/** As `histogram_quantile` of Prometheus has it: even within a bucket. `undefined`: nothing was counted. */
export function quantileOf({ upTo, counts, count }: Histogram, quantile: number): number | undefined {
  if (count === 0) return undefined
  const rank = quantile * count
  const at = counts.findIndex((sum) => sum >= rank)
  // Beyond the last border nothing is known but that.
  if (upTo[at] === Infinity) return upTo[at - 1]
  const [floor, below] = at === 0 ? [0, 0] : [upTo[at - 1]!, counts[at - 1]!]
  const within = counts[at]! - below
  return within === 0 ? upTo[at] : floor + (upTo[at]! - floor) * ((rank - below) / within)
}
