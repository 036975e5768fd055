/** How a figure that was counted as `name` is written out for Prometheus. */
export interface ExportedFigure {
  readonly name: string
  /** What its values are divided by. */
  readonly divisor: number
  /** Where it differs from `name`: what it was called up to version 0.1. */
  readonly oldName: string | undefined
}

const MS_PER_SECOND = 1000
/** Gauges of prom-client whose names say that they are counters (`promtool check metrics` refuses them). */
export const MISNAMED_BY_PROM_CLIENT = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/**
 * Kav counts in milliseconds, Prometheus in base units, and of its names only counters end in `_total`
 * (prometheus.io/docs/practices/naming). The one place where the one becomes the other.
 */
export function exportedFigure(kind: 'counter' | 'gauge' | 'histogram', name: string): ExportedFigure {
  const stem = name.replace(/_total$/, '')
  const isTime = stem.endsWith('_ms')
  const base = isTime ? `${stem.slice(0, -'_ms'.length)}_seconds` : stem
  const exported = `kav_${base}${kind === 'counter' ? '_total' : ''}`
  const oldName = `kav_${name}`
  return {
    name: exported,
    divisor: isTime ? MS_PER_SECOND : 1,
    oldName: oldName === exported ? undefined : oldName,
  }
}
