import { AggregatorRegistry, type PrometheusContentType } from 'prom-client'
import type { Figures } from '../metrics.ts'
import { burnOfAll } from './burn-of-all.ts'
import { addExemplars } from './exemplars.ts'
import type { FigureFormat } from '../metrics/open-metrics.ts'
import { renderFigures } from '../metrics/render-figures.ts'

/** Figures of several processes in sum. A gauge that counts nothing is the greatest of them. */
export async function sumOf(processes: readonly Figures[]): Promise<Figures> {
  return await AggregatorRegistry.aggregate<PrometheusContentType>([...processes]).getMetricsAsJSON()
}

/** The same as one text. */
export async function renderSum(processes: readonly Figures[], format?: FigureFormat): Promise<string> {
  const sum = AggregatorRegistry.aggregate<PrometheusContentType>([...processes])
  burnOfAll(await sum.getMetricsAsJSON())
  if (format === 'openmetrics') addExemplars(await sum.getMetricsAsJSON(), processes)
  return await renderFigures(sum, format)
}

/** Each with a label more that says whose it is. */
export function renderEach(
  processes: readonly { readonly worker: string; readonly figures: Figures }[],
  format?: FigureFormat,
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
    format,
  )
}

/** The declarations of prom-client leave the values out. */
interface Valued {
  readonly values: readonly {
    readonly value: number
    readonly labels: Readonly<Record<string, string | number>>
  }[]
}
