import { AggregatorRegistry, type PrometheusContentType } from 'prom-client'
import type { Figures } from '../metrics.ts'
import { renderFigures } from '../metrics/render-figures.ts'

/** Figures of several processes in sum, as one text. A gauge that counts nothing is the greatest of them. */
export function renderSum(processes: readonly Figures[]): Promise<string> {
  return renderFigures(AggregatorRegistry.aggregate<PrometheusContentType>([...processes]))
}

/** Each with a label more that says whose it is. */
export function renderEach(
  processes: readonly { readonly worker: string; readonly figures: Figures }[],
): Promise<string> {
  return renderSum(
    processes.map(({ worker, figures }) =>
      figures.map((figure) => ({
        ...figure,
        values: (figure as unknown as Valued).values.map((value) => ({
          ...value,
          labels: { ...value.labels, worker },
        })),
      })),
    ),
  )
}

/** The declarations of prom-client leave the values out. */
interface Valued {
  readonly values: readonly {
    readonly value: number
    readonly labels: Readonly<Record<string, string | number>>
  }[]
}
