import type { Logger, Metrics } from '@kav/core'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { publicLabels } from './privacy/public-fields.ts'
import { withoutSecrets } from './privacy/secrets.ts'

/** Milliseconds, from a tick of the frame clock to a call that gave up. */
const BUCKETS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000]

export interface ProcessMetrics {
  readonly metrics: Metrics
  /** Prometheus text. */
  render(): Promise<string>
  readonly contentType: string
}

/** Combinations of labels that one figure may have: a plugin that labels by what it is told would fill the memory. */
const MAX_SERIES = 1000

/**
 * Everything the core and the plugins count, under `kav_…`, made as it is first used. A figure that cannot be kept
 * (a name that is none, labels other than at first, too many of them) is told once and left out: counting never
 * disturbs a call. With `private: false` no label holds a text that Kav did not choose.
 */
export function createMetrics(
  log?: Logger,
  options: { private: boolean } = { private: true },
): ProcessMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const counters = new Map<string, Counter>()
  const gauges = new Map<string, Gauge>()
  const histograms = new Map<string, Histogram>()
  const refused = new Set<string>()
  const series = new Map<string, Set<string>>()

  function keep(name: string, action: () => void): void {
    try {
      action()
    } catch (error) {
      if (refused.has(name)) return
      refused.add(name)
      log?.warn({ metric: name, error: String(error) }, 'METRICS: a figure cannot be kept')
    }
  }

  function known<T>(map: Map<string, T>, name: string, make: () => T): T {
    const found = map.get(name)
    if (found) return found
    const made = make()
    map.set(name, made)
    return made
  }

  /** The labels to count under. Throws for one series too many. */
  function labelsOf(name: string, given: Readonly<Record<string, string>> | undefined) {
    if (given === undefined) return {}
    const labels = options.private ? given : publicLabels(given)
    const known = series.get(name) ?? new Set()
    series.set(name, known)
    const key = JSON.stringify(labels)
    if (!known.has(key)) {
      if (known.size >= MAX_SERIES) throw new Error(`more than ${MAX_SERIES} combinations of labels`)
      known.add(key)
    }
    return labels
  }

  const base = (name: string, labels: Readonly<Record<string, string>> | undefined) => ({
    name: `kav_${name}`,
    help: name.replaceAll('_', ' '),
    labelNames: Object.keys(labels ?? {}),
    registers: [registry],
  })

  return {
    metrics: {
      count(name, by = 1, labels) {
        keep(name, () =>
          known(counters, name, () => new Counter(base(name, labels))).inc(labelsOf(name, labels), by),
        )
      },
      gauge(name, value, labels) {
        keep(name, () =>
          known(gauges, name, () => new Gauge(base(name, labels))).set(labelsOf(name, labels), value),
        )
      },
      observe(name, value, labels) {
        const make = () => new Histogram({ ...base(name, labels), buckets: BUCKETS_MS })
        keep(name, () => known(histograms, name, make).observe(labelsOf(name, labels), value))
      },
    },
    render: async () => withoutSecrets(await registry.metrics()),
    contentType: registry.contentType,
  }
}
