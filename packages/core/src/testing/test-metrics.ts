import type { Metrics } from '../contracts/index.ts'

type Labels = Readonly<Record<string, string>>

export interface TestMetric {
  readonly name: string
  readonly kind: 'count' | 'gauge' | 'observe'
  readonly labels: Labels
  /** Sum of a counter, last value of a gauge, last value of a measurement. */
  readonly value: number
  /** Every value given, in order. */
  readonly values: readonly number[]
}

/** Metrics that a test can read back. */
export interface TestMetrics extends Metrics {
  /** The value under this name; with `labels`, only of series that carry at least those. Counters add up; 0 when never seen. */
  value(name: string, labels?: Labels): number
  /** Every series, in the order first seen. */
  all(): readonly TestMetric[]
}

export function createTestMetrics(): TestMetrics {
  const series = new Map<
    string,
    { name: string; kind: TestMetric['kind']; labels: Labels; values: number[] }
  >()

  function record(kind: TestMetric['kind'], name: string, value: number, labels: Labels = {}): void {
    const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
    const key = JSON.stringify([name, kind, sorted])
    const known = series.get(key)
    if (known === undefined) series.set(key, { name, kind, labels, values: [value] })
    else known.values.push(value)
  }

  function valueOf(kind: TestMetric['kind'], values: readonly number[]): number {
    return kind === 'count' ? values.reduce((sum, value) => sum + value, 0) : (values.at(-1) ?? 0)
  }

  return {
    count: (name, by = 1, labels) => record('count', name, by, labels),
    gauge: (name, value, labels) => record('gauge', name, value, labels),
    observe: (name, value, labels) => record('observe', name, value, labels),
    value(name, labels = {}) {
      const wanted = Object.entries(labels)
      let result = 0
      for (const one of series.values()) {
        if (one.name !== name || !wanted.every(([key, value]) => one.labels[key] === value)) continue
        const value = valueOf(one.kind, one.values)
        result = one.kind === 'count' ? result + value : value
      }
      return result
    },
    all: () => [...series.values()].map((one) => ({ ...one, value: valueOf(one.kind, one.values) })),
  }
}
