import type { Logger, Metrics } from '@kav/core'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { withoutSecrets } from './privacy/secrets.ts'

/** Milliseconds, from a tick of the frame clock to a call that gave up. */
const BUCKETS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000]

export interface ProcessMetrics {
  readonly metrics: Metrics
  /** Prometheus text. */
  render(): Promise<string>
  readonly contentType: string
}

/**
 * Everything the core and the plugins count, under `kav_…`, made as it is first used. A figure that cannot be kept
 * (a name that is none, labels other than at first) is told once and left out: counting never disturbs a call.
 */
export function createMetrics(log?: Logger): ProcessMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const counters = new Map<string, Counter>()
  const gauges = new Map<string, Gauge>()
  const histograms = new Map<string, Histogram>()
  const refused = new Set<string>()

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

  const base = (name: string, labels: Readonly<Record<string, string>> | undefined) => ({
    name: `kav_${name}`,
    help: name.replaceAll('_', ' '),
    labelNames: Object.keys(labels ?? {}),
    registers: [registry],
  })

  return {
    metrics: {
      count(name, by = 1, labels) {
        keep(name, () => known(counters, name, () => new Counter(base(name, labels))).inc(labels ?? {}, by))
      },
      gauge(name, value, labels) {
        keep(name, () => known(gauges, name, () => new Gauge(base(name, labels))).set(labels ?? {}, value))
      },
      observe(name, value, labels) {
        const make = () => new Histogram({ ...base(name, labels), buckets: BUCKETS_MS })
        keep(name, () => known(histograms, name, make).observe(labels ?? {}, value))
      },
    },
    render: async () => withoutSecrets(await registry.metrics()),
    contentType: registry.contentType,
  }
}
