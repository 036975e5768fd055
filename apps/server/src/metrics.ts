import type { Logger, Metrics } from '@kav/core'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { exportedFigure, MISNAMED_BY_PROM_CLIENT } from './metric-names.ts'
import { publicLabels } from './privacy/public-fields.ts'
import { renderFigures } from './render-figures.ts'

/** Milliseconds, from a tick of the frame clock to a call that gave up. */
const BUCKETS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000]

export interface ProcessMetrics {
  readonly metrics: Metrics
  /** Prometheus text. */
  render(): Promise<string>
  readonly contentType: string
}

export interface MetricsOptions {
  /** `false`: no label holds a text that Kav did not choose. Default true. */
  readonly private?: boolean
  /** Beside each figure whose name has changed, the one it had before. Default false. */
  readonly oldNames?: boolean
}

type Labels = Readonly<Record<string, string>>

/** Combinations of labels that one figure may have: a plugin that labels by what it is told would fill the memory. */
const MAX_SERIES = 1000

/**
 * Everything the core and the plugins count, under `kav_…`, made as it is first used. A figure that cannot be kept
 * (a name that is none, labels other than at first, too many of them) is told once and left out: counting never
 * disturbs a call.
 */
export function createMetrics(
  log?: Logger,
  { private: isPrivate = true, oldNames = false }: MetricsOptions = {},
): ProcessMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED_BY_PROM_CLIENT) registry.removeSingleMetric(name)
  const figures = new Map<string, Figure>()
  const refused = new Set<string>()
  const series = new Map<string, Set<string>>()

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

  function keep(kind: Figure['kind'], name: string, value: number, labels: Labels | undefined): void {
    try {
      let figure = figures.get(name)
      if (!figure) {
        figure = new Figure(kind, name, Object.keys(labels ?? {}), { registry, oldNames })
        figures.set(name, figure)
      }
      figure.tell(kind, labels === undefined ? {} : labelsOf(name, labels), value)
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
    render: () => renderFigures(registry),
    contentType: registry.contentType,
  }
}

/** One figure as Prometheus has it, and under its old name where that is asked for. */
class Figure {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly #divisor: number
  readonly #tell: (labels: Labels, value: number) => void
  readonly #tellOld: ((labels: Labels, value: number) => void) | undefined

  /** Throws for a name that is none. */
  constructor(
    kind: Figure['kind'],
    name: string,
    labelNames: readonly string[],
    { registry, oldNames }: { readonly registry: Registry; readonly oldNames: boolean },
  ) {
    this.kind = kind
    const { name: exported, divisor, oldName } = exportedFigure(kind, name)
    const options = {
      help: exported.replace('kav_', '').replaceAll('_', ' '),
      labelNames: [...labelNames],
      registers: [registry],
    }
    this.#divisor = divisor
    this.#tell = teller(kind, { ...options, name: exported }, divisor)
    if (oldNames && oldName) this.#tellOld = teller(kind, { ...options, name: oldName }, 1)
  }

  tell(kind: Figure['kind'], labels: Labels, value: number): void {
    if (kind !== this.kind) throw new Error(`it is a ${this.kind}, not a ${kind}`)
    this.#tell(labels, value / this.#divisor)
    this.#tellOld?.(labels, value)
  }
}

function teller(
  kind: Figure['kind'],
  options: { name: string; help: string; labelNames: string[]; registers: Registry[] },
  divisor: number,
): (labels: Labels, value: number) => void {
  if (kind === 'counter') {
    const counter = new Counter(options)
    return (labels, by) => counter.inc(labels, by)
  }
  if (kind === 'gauge') {
    const gauge = new Gauge(options)
    return (labels, value) => gauge.set(labels, value)
  }
  const histogram = new Histogram({ ...options, buckets: BUCKETS_MS.map((bound) => bound / divisor) })
  return (labels, value) => histogram.observe(labels, value)
}
