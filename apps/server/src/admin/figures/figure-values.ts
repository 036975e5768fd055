import type { Figures } from '../../metrics.ts'

/** One value of a figure as prom-client has it. */
export interface FigureValue {
  readonly value: number
  readonly labels: Readonly<Record<string, string | number>>
  /** Of a histogram: `name_bucket`, `name_sum` or `name_count`. */
  readonly metricName?: string
}

/** The values of one figure that have these labels; none where nothing was counted yet. */
export function valuesOf(
  figures: Figures,
  name: string,
  where: Readonly<Record<string, string>> = {},
): readonly FigureValue[] {
  const found = figures.find((figure) => figure.name === name)
  // The declarations of prom-client leave the values out.
  const { values = [] } = (found ?? {}) as { readonly values?: readonly FigureValue[] }
  const wanted = Object.entries(where)
  return values.filter(({ labels }) => wanted.every(([label, value]) => labels[label] === value))
}

export function sumOfValues(values: readonly FigureValue[]): number {
  return values.reduce((sum, { value }) => sum + value, 0)
}
