/** `count` of `n`. `rate` is missing where there was nothing to count in. Of events per turn it may be above 1. */
export interface Share {
  readonly count: number
  readonly n: number
  readonly rate?: number
}

/** Durations in milliseconds. All are kept, shortest first, so that the percentiles of a sum are true ones. */
export interface Times {
  readonly n: number
  readonly p50Ms?: number
  readonly p95Ms?: number
  readonly valuesMs: readonly number[]
}

export function shareOf(count: number, n: number): Share {
  return { count, n, ...(n > 0 && { rate: count / n }) }
}

export function addShares(shares: readonly Share[]): Share {
  return shareOf(sum(shares.map(({ count }) => count)), sum(shares.map(({ n }) => n)))
}

export function timesOf(durationsMs: readonly number[]): Times {
  const valuesMs = [...durationsMs].sort((a, b) => a - b)
  const p50Ms = nearestRank(valuesMs, 0.5)
  const p95Ms = nearestRank(valuesMs, 0.95)
  return {
    n: valuesMs.length,
    ...(p50Ms !== undefined && { p50Ms }),
    ...(p95Ms !== undefined && { p95Ms }),
    valuesMs,
  }
}

export function addTimes(times: readonly Times[]): Times {
  return timesOf(times.flatMap(({ valuesMs }) => valuesMs))
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** A value that was measured, never one between two. */
function nearestRank(sorted: readonly number[], part: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]
}
