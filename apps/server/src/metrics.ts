import type { Logger, Metrics } from '@kav/core'
import {
  Counter,
  Gauge,
  Histogram,
  Registry,
  type RegistryContentType,
  collectDefaultMetrics,
} from 'prom-client'
import { helpOf } from './metrics/catalogue/catalogue.ts'
import { GaugeShares, isCount } from './metrics/gauge-shares.ts'
import { exportedFigure, MISNAMED_BY_PROM_CLIENT } from './metrics/metric-names.ts'
import { publicLabels } from './privacy/public-fields.ts'
import type { FigureFormat } from './metrics/open-metrics.ts'
import { renderFigures } from './metrics/render-figures.ts'

/** Milliseconds, from a tick of the frame clock to a call that gave up. */
const BUCKETS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000]

/** What one pipeline counts, under its name, for as long as it is run. */
export interface PipelineFigures {
  readonly metrics: Metrics
  /** The same of one call: its histograms have the trace as exemplar, where exemplars are kept. */
  ofTrace(traceId: string): Metrics
  /** Another life of the same pipeline takes the new calls: its gauges are the ones that hold. */
  leave(): void
  /** The last call is over: the gauges go. What was counted stays. */
  close(): void
}

export interface ProcessMetrics {
  readonly metrics: Metrics
  /** Each figure has one label more: `pipeline`. */
  ofPipeline(name: string): PipelineFigures
  /** Prometheus text when absent. */
  render(format?: FigureFormat): Promise<string>
  /** As other processes add them up. */
  figures(): Promise<Figures>
}

export interface MetricsOptions {
  /** `false`: no label holds a text that Kav did not choose. Default true. */
  readonly private?: boolean
  /** Beside each figure whose name has changed, the one it had before. Default false. */
  readonly oldNames?: boolean
  /** Histograms keep the trace of the last value of each bucket. Default false. */
  readonly exemplars?: boolean
}

/** Every figure of a process with its values. */
export type Figures = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

type Labels = Readonly<Record<string, string>>

/** Absent where a figure is the process's own. */
const PIPELINE = 'pipeline'

/** Combinations of labels that one figure may have: a plugin that labels by what it is told would fill the memory. */
const MAX_SERIES = 1000

/**
 * Everything the core and the plugins count, under `kav_…`, made as it is first used. A figure that cannot be kept
 * (a name that is none, labels other than at first, too many of them) is told once and left out: counting never
 * disturbs a call.
 */
export function createMetrics(
  log?: Logger,
  { private: isPrivate = true, oldNames = false, exemplars = false }: MetricsOptions = {},
): ProcessMetrics {
  const registry = new Registry()
  // Else it refuses exemplars. In which format it is written is not its own to say.
  if (exemplars) (registry as Registry<RegistryContentType>).setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED_BY_PROM_CLIENT) registry.removeSingleMetric(name)
  const figures = new Map<string, Figure>()
  const refused = new Set<string>()
  const series = new Map<string, Set<string>>()

  const shares = new GaugeShares(
    (name, value, labels) => keep('gauge', name, value, labels),
    (name, labels) => figures.get(name)?.forget(isPrivate ? labels : publicLabels(labels)),
  )

  /** Throws for one series too many. */
  function labelsOf(name: string, given: Labels): Labels {
    const labels = isPrivate ? given : publicLabels(given)
    const known = series.get(name) ?? new Set()
    series.set(name, known)
    const key = JSON.stringify(labels)
    if (!known.has(key)) {
      if (known.size >= MAX_SERIES) throw new Error(`more than ${MAX_SERIES} combinations of labels`)
      known.add(key)
    }
    return labels
  }

  function keep(
    kind: Figure['kind'],
    name: string,
    value: number,
    labels: Labels | undefined,
    traceId?: string,
  ): void {
    try {
      let figure = figures.get(name)
      if (!figure) {
        const labelNames = new Set([...Object.keys(labels ?? {}), PIPELINE])
        figure = new Figure(kind, name, [...labelNames], { registry, oldNames, exemplars })
        figures.set(name, figure)
      }
      figure.tell(kind, labels === undefined ? {} : labelsOf(name, labels), value, traceId)
    } catch (error) {
      if (refused.has(name)) return
      refused.add(name)
      log?.warn({ metric: name, error: String(error) }, 'METRICS: a figure cannot be kept')
    }
  }

  return {
    metrics: {
      count: (name, by = 1, labels) => keep('counter', name, by, labels),
      gauge: (name, value, labels) => keep('gauge', name, value, labels),
      observe: (name, value, labels) => keep('histogram', name, value, labels),
    },
    ofPipeline(pipeline) {
      const owner = {}
      const labelled = (labels: Labels | undefined): Labels => ({ ...labels, [PIPELINE]: pipeline })
      const metrics: Metrics = {
        count: (name, by = 1, labels) => keep('counter', name, by, labelled(labels)),
        gauge: (name, value, labels) => shares.tell(owner, name, value, labelled(labels)),
        observe: (name, value, labels) => keep('histogram', name, value, labelled(labels)),
      }
      return {
        metrics,
        ofTrace: (traceId) => ({
          ...metrics,
          observe: (name, value, labels) => keep('histogram', name, value, labelled(labels), traceId),
        }),
        leave: () => shares.leave(owner),
        close: () => shares.close(owner),
      }
    },
    render: (format) => renderFigures(registry, format),
    figures: () => registry.getMetricsAsJSON(),
  }
}

/** One figure as Prometheus has it, and under its old name where that is asked for. */
class Figure {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly #divisor: number
  readonly #series: Series
  readonly #oldSeries: Series | undefined

  /** Throws for a name that is none. */
  constructor(
    kind: Figure['kind'],
    name: string,
    labelNames: readonly string[],
    { registry, oldNames, exemplars }: { registry: Registry; oldNames: boolean; exemplars: boolean },
  ) {
    this.kind = kind
    const { name: exported, divisor, oldName } = exportedFigure(kind, name)
    const options = {
      help: helpOf(exported) ?? exported.replace('kav_', '').replaceAll('_', ' '),
      labelNames: [...labelNames],
      registers: [registry],
      enableExemplars: exemplars,
    }
    this.#divisor = divisor
    this.#series = seriesOf(kind, { ...options, name: exported }, divisor)
    if (oldNames && oldName) this.#oldSeries = seriesOf(kind, { ...options, name: oldName }, 1)
  }

  tell(kind: Figure['kind'], labels: Labels, value: number, traceId?: string): void {
    if (kind !== this.kind) throw new Error(`it is a ${this.kind}, not a ${kind}`)
    this.#series.tell(labels, value / this.#divisor, traceId)
    this.#oldSeries?.tell(labels, value)
  }

  forget(labels: Labels): void {
    this.#series.forget(labels)
    this.#oldSeries?.forget(labels)
  }
}

interface Series {
  tell(labels: Labels, value: number, traceId?: string): void
  forget(labels: Labels): void
}

function seriesOf(
  kind: Figure['kind'],
  options: {
    name: string
    help: string
    labelNames: string[]
    registers: Registry[]
    enableExemplars: boolean
  },
  divisor: number,
): Series {
  const { enableExemplars, ...plain } = options
  if (kind === 'counter') {
    const counter = new Counter(plain)
    return { tell: (labels, by) => counter.inc(labels, by), forget: (labels) => counter.remove(labels) }
  }
  if (kind === 'gauge') {
    const aggregator = isCount(options.name.replace('kav_', '')) ? 'sum' : 'max'
    const gauge = new Gauge({ ...plain, aggregator })
    return { tell: (labels, value) => gauge.set(labels, value), forget: (labels) => gauge.remove(labels) }
  }
  const buckets = BUCKETS_MS.map((bound) => bound / divisor)
  const histogram = new Histogram({ ...plain, buckets, enableExemplars })
  return {
    tell(labels, value, traceId) {
      if (!enableExemplars) return histogram.observe(labels, value)
      histogram.observe({ labels, value, exemplarLabels: traceId === undefined ? {} : { trace_id: traceId } })
    },
    forget: (labels) => histogram.remove(labels),
  }
}
