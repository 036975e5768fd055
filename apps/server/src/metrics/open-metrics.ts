import { type Metric, type OpenMetricsContentType, Registry } from 'prom-client'

/** The two formats that Prometheus takes; only the second has exemplars. */
export type FigureFormat = 'prometheus' | 'openmetrics'

export const CONTENT_TYPES: Readonly<Record<FigureFormat, string>> = {
  prometheus: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
}

/** Of its end, which OpenMetrics wants. */
export const END_OF_FIGURES = '# EOF\n'

/** The part of prom-client's metrics that a text is made of. */
interface Written {
  readonly name: string
  readonly type: string
}
interface Told {
  getForPromString?(): Promise<Written>
  get(): Promise<Written> | Written
}

/** One figure as text. As OpenMetrics a counter's family has a name without `_total`. */
export async function figureText(metric: object, format: FigureFormat): Promise<string> {
  const told = metric as Told
  const data = await (told.getForPromString?.() ?? told.get())
  const isOpen = format === 'openmetrics'
  const name = isOpen && data.type === 'counter' ? data.name.replace(/_total$/, '') : data.name
  const named: object = { ...data, name, get: () => ({ ...data, name }) }
  // A registry writes all that it holds in one format, and that of the process may not change while it is read.
  const writer = new Registry<OpenMetricsContentType>()
  if (isOpen) writer.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  writer.registerMetric(named as Metric)
  return await writer.getSingleMetricAsString(name)
}

/**
 * The format that suits who asks, by the header `Accept`: OpenMetrics where it is named and liked no less than plain
 * text.
 */
export function formatFor(accept: string | undefined): FigureFormat {
  const likings = (accept ?? '').split(',').map(likingOf)
  const best = (type: string): number =>
    Math.max(0, ...likings.filter((liking) => liking.type === type).map(({ weight }) => weight))
  const open = best('application/openmetrics-text')
  return open > 0 && open >= best('text/plain') ? 'openmetrics' : 'prometheus'
}

function likingOf(part: string): { readonly type: string; readonly weight: number } {
  const [type = '', ...params] = part.split(';').map((text) => text.trim().toLowerCase())
  const given = params.find((param) => param.startsWith('q='))
  const weight = given === undefined ? 1 : Number(given.slice(2))
  return { type, weight: Number.isFinite(weight) ? weight : 0 }
}
