import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { METRICS, statedMetrics } from '../../src/metrics/catalogue/catalogue.ts'
import { refreshMetricsDoc } from '../../src/metrics/catalogue/metrics-doc.ts'
import { exportedFigure } from '../../src/metrics/metric-names.ts'
import { createMetrics } from '../../src/metrics.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const KINDS = { count: 'counter', gauge: 'gauge', observe: 'histogram' } as const
/** Stated by the package of the directory. */
const ELSEWHERE = /^kav_directory_/
/** Counted under a name that is put together: the totals of a call, and those two. */
const callCounters = readFileSync(`${root}packages/core/src/pipeline/call/call-counters.ts`, 'utf8')
const PUT_TOGETHER = [
  ...[...callCounters.matchAll(/^ {4}(\w+): /gm)]
    .map(([, name]) => name!)
    .filter((name) => !name.includes('_max_')),
  'fillers_spoken',
  'fillers_withheld',
].map((name) => ({ type: 'counter', name: exportedFigure('counter', `${name}_total`).name, labels: '' }))

/** A `${…}` of a text would end the labels. */
const withoutPlaces = (source: string): string => source.replace(/\$\{[^}]*\}/g, '')

/** Every figure that the source counts, with what it writes down as labels. */
function countedInSource(): { type: string; name: string; labels: string }[] {
  return [
    'packages/core/src',
    'packages/telemetry-otel/src',
    'packages/plugin-sql-store/src',
    'apps/server/src',
  ]
    .flatMap((folder) =>
      readdirSync(root + folder, { recursive: true }).map((file) => `${folder}/${String(file)}`),
    )
    .filter((file) => file.endsWith('.ts') && !file.includes('/testing/'))
    .flatMap((file) => [
      ...withoutPlaces(readFileSync(root + file, 'utf8')).matchAll(
        /(?:[mM]etrics|into)\??\.(count|gauge|observe)\(\s*'(\w+)'(?:,[^,;()]*(?:\([^()]*\))?[^,;()]*,\s*(\{[^}]*\}))?/g,
      ),
    ])
    .map(([, how, name, labels = '']) => {
      const type = KINDS[how as keyof typeof KINDS]
      return { type, name: exportedFigure(type, name!).name, labels }
    })
    .filter(({ name }) => !ELSEWHERE.test(name))
}

describe('the catalogue of metrics', () => {
  const counted = [...countedInSource(), ...PUT_TOGETHER]

  it('states what the source counts, with its type and its labels', () => {
    for (const { name, type, labels } of counted) {
      expect(METRICS[name], `${name} is not stated in apps/server/src/metrics/catalogue`).toMatchObject({
        type,
      })
      for (const [, label] of labels.matchAll(/[{,]\s*(\w+)/g))
        expect([...METRICS[name]!.labels, 'pipeline'], name).toContain(label)
    }
  })

  it('states nothing that is not counted', () => {
    const names = new Set(counted.map(({ name }) => name))
    const left = statedMetrics().filter(({ name }) => name.startsWith('kav_') && !names.has(name))
    expect(left.map(({ name }) => name)).toEqual([])
  })

  it('is the help that Prometheus is given, without marks', async () => {
    const { metrics, render } = createMetrics()
    metrics.count('log_lines_left_out_total', 1, { line: 'a' })
    expect(await render()).toContain(
      '# HELP kav_log_lines_left_out_total Lines of a kind that strangers can cause, beyond 5 at once and one a second; security.md.\n',
    )
  })
})

describe('the manual’s table', () => {
  const page = (rows: string): string =>
    `# A\n<!-- metrics: generated from apps/server/src/metrics/catalogue by \`npm run generate\` -->\n${rows}<!-- end of metrics -->\nB\n`

  it('has a line for each', () => {
    const made = refreshMetricsDoc(page(''))
    for (const name of Object.keys(METRICS)) expect(made).toContain(`| \`${name}`)
    expect(refreshMetricsDoc(made)).toBe(made)
  })

  it('is not made anew over a figure that is stated nowhere else', () => {
    expect(() => refreshMetricsDoc(page('| `kav_new_total` | x | |\n'))).toThrow(
      'its table of metrics is generated; state kav_new_total in apps/server/src/metrics/catalogue',
    )
  })
})
