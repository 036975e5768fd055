export type MetricType = 'counter' | 'gauge' | 'histogram'

/** What there is to know of one figure. The manual's table, its help text and the dashboard's checks come from it. */
export interface MetricStatement {
  readonly type: MetricType
  /** Beside `pipeline`, which every figure of Kav may have. */
  readonly labels: readonly string[]
  /** Markdown, for the operator. Places in docs/ are seen from there. */
  readonly means: string
  /** When it is worth an alert. */
  readonly alert?: string
}

interface More {
  readonly labels?: readonly string[]
  readonly alert?: string
}

/** Names as Prometheus has them. */
export type MetricStatements = Readonly<Record<string, MetricStatement>>

export const counter = (means: string, more?: More): MetricStatement => state('counter', means, more)
export const gauge = (means: string, more?: More): MetricStatement => state('gauge', means, more)
/** Its buckets are `name_bucket{le}`, beside `name_sum` and `name_count`. */
export const histogram = (means: string, more?: More): MetricStatement => state('histogram', means, more)

function state(type: MetricType, means: string, more: More = {}): MetricStatement {
  return { type, labels: [], means, ...more }
}
