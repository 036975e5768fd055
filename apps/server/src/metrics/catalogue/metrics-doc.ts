import { type StatedMetric, statedMetrics, unitOf } from './catalogue.ts'

const BEGIN = '<!-- metrics: generated from apps/server/src/metrics/catalogue by `npm run generate` -->'
const END = '<!-- end of metrics -->'

/**
 * The manual with its table of figures as the catalogue has them. Throws where the table tells of a figure that is
 * stated nowhere else: it would be lost.
 */
export function refreshMetricsDoc(page: string): string {
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  if (begin === -1 || end < begin) throw new Error(`docs/operating.md: ${BEGIN} … ${END} is missing`)
  const stated = statedMetrics()
  const unknown = [...page.slice(begin, end).matchAll(/^\| `((?:kav|nodejs|process)_\w+)/gm)]
    .map(([, name]) => name!)
    .filter((name) => !stated.some((metric) => metric.name === name))
  if (unknown.length > 0)
    throw new Error(
      `docs/operating.md: its table of metrics is generated; state ${unknown.join(', ')} in apps/server/src/metrics/catalogue`,
    )
  return `${page.slice(0, begin)}${BEGIN}\n${metricsTable(stated)}\n${page.slice(end)}`
}

function metricsTable(metrics: readonly StatedMetric[]): string {
  const rows = metrics.map(({ name, type, labels, means, alert = '' }) => {
    const shown = labels.length === 0 ? name : `${name}{${labels.join(',')}}`
    const kind = [type, unitOf(name)].filter((part) => part !== '').join(', ')
    return `| \`${shown}\` | ${kind} | ${means.replaceAll('operating.md#', '#')} | ${alert} |`
  })
  return ['| Metric | Type, unit | What it tells | Worth an alert |', '|---|---|---|---|', ...rows].join('\n')
}
