import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { compileSchema } from '../../../packages/core/dist/config/findings/compile-schema.js'
import { DASHBOARD_SCHEMA } from './dashboard-schema.mjs'
import { hasPromtool, promtool, unknownIn } from './documented-figures.mjs'
import { text, yaml } from './kit-files.mjs'

const dashboard = JSON.parse(text('grafana/kav.json'))
const targets = dashboard.panels.flatMap(({ title, targets: all }) =>
  all.map(({ expr, legendFormat }) => [title, expr, legendFormat]),
)

it.each([
  ['sum(kav_calls_total)', ['kav_calls_total']],
  ['kav_active_calls{pod="a"}', ['kav_active_calls{pod}']],
  ['sum by (le, plugin) (rate(kav_turn_latency_seconds_bucket[1m]))', ['by{plugin}']],
  ['sum by (le, step) (rate(kav_turn_latency_seconds_bucket{step="first_frame"}[1m]))', []],
])('of %s, what there is not is found', (expression, strange) => {
  expect(unknownIn(expression)).toEqual(strange)
})

describe('the dashboard', () => {
  it('is one to Grafana, as far as its model tells: no field is missing, misspelt or of another kind', () => {
    const { check } = compileSchema(DASHBOARD_SCHEMA)
    expect(check(dashboard)).toEqual([])
    const [first, ...others] = dashboard.panels
    const misspelt = { ...first, gridPos: { ...first.gridPos, width: 4 } }
    expect(check({ ...dashboard, panels: [misspelt, ...others] })).toHaveLength(1)
    for (const { targets: asked } of dashboard.panels)
      expect(new Set(asked.map(({ refId }) => refId)).size).toBe(asked.length)
  })

  it.each(targets)('%s asks for figures and labels that there are', (_, expression, legend) => {
    expect(unknownIn(expression)).toEqual([])
    // A label that was added away would stand there as an empty name.
    const kept = /\bby \(([^)]+)\)/.exec(expression)?.[1].split(', ') ?? ['instance']
    for (const [, label] of legend.matchAll(/\{\{(\w+)\}\}/g)) expect(kept).toContain(label)
  })

  it('has each panel once, and none upon another', () => {
    const { panels } = dashboard
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    for (const { gridPos: a } of panels) {
      const over = panels.filter(
        ({ gridPos: b }) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h,
      )
      expect(over).toHaveLength(1)
      expect(a.x + a.w).toBeLessThanOrEqual(24)
    }
  })

  it('finds its processes by a figure that a process has from its start, and its Prometheus by choice', () => {
    const [prometheus, instance] = dashboard.templating.list
    expect(prometheus).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' })
    expect(unknownIn(instance.definition)).toEqual([])
    expect(instance.definition).toContain('kav_promised_calls')
  })

  it.skipIf(!hasPromtool)('is made of expressions that Prometheus reads', () => {
    const rules = targets.map(([, expression], at) => ({
      record: `panel:${at}`,
      expr: expression.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.+'),
    }))
    const file = stringify({ groups: [{ name: 'dashboard', rules }] })
    expect(promtool(['check', 'rules', 'rules.yaml'], { 'rules.yaml': file })).toBe('')
  })
})

describe('Prometheus in containers', () => {
  it.skipIf(!hasPromtool)('understands its file', () => {
    const files = { 'prometheus.yaml': text('compose/prometheus/prometheus.yaml') }
    expect(promtool(['check', 'config', 'prometheus.yaml'], files)).toBe('')
  })

  it('is given the alerts of the manual, where it looks for them', () => {
    const mounted = yaml('compose/compose.yaml').services.prometheus.volumes
    expect(mounted).toContain('../../docs/alerts.yaml:/etc/prometheus/rules/kav.yaml:ro')
    expect(yaml('compose/prometheus/prometheus.yaml').rule_files).toEqual(['/etc/prometheus/rules/*.yaml'])
  })

  it('is asked by Grafana, which is told how often figures come', () => {
    const [source] = yaml('compose/grafana/provisioning/datasources/prometheus.yaml').datasources
    const { prometheus, grafana } = yaml('compose/compose.yaml').services
    expect(prometheus.ports[0]).toMatch(new RegExp(`:${new URL(source.url).port}$`))
    expect(source.jsonData.timeInterval).toBe(
      yaml('compose/prometheus/prometheus.yaml').global.scrape_interval,
    )
    const [provider] = yaml('compose/grafana/provisioning/dashboards/kav.yaml').providers
    expect(grafana.volumes).toContain(`../grafana:${provider.options.path}:ro`)
  })
})

describe('the number of pods', () => {
  const { query, threshold } = yaml('kubernetes/components/keda/scaled-object.yaml').spec.triggers[0].metadata

  it('is asked of figures that there are', () => expect(unknownIn(query)).toEqual([]))

  /** `instance` → figure → value. */
  const pods = (figures) =>
    Object.entries(figures).flatMap(([instance, values]) =>
      Object.entries(values).map(([series, value]) => {
        const [, name, labels = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(series)
        return { series: `${name}{${labels}${labels && ','}instance="${instance}"}`, values: `${value}` }
      }),
    )
  it.skipIf(!hasPromtool).each([
    ['before the first call: two at the least', {}, 50],
    [
      'with calls, and those that were promised',
      {
        a: { kav_active_calls: 90, kav_promised_calls: 2 },
        b: { kav_active_calls: 60, kav_promised_calls: 0 },
      },
      202,
    ],
    [
      'without those of a pod that ends its last calls',
      {
        a: { kav_active_calls: 90, kav_promised_calls: 3, 'kav_refusing_calls{reason="draining"}': 1 },
        b: { kav_active_calls: 10, kav_promised_calls: 1, 'kav_refusing_calls{reason="draining"}': 0 },
      },
      61,
    ],
  ])('is right %s', (_, figures, wanted) => {
    const tests = {
      tests: [
        {
          interval: '1m',
          input_series: pods(figures),
          promql_expr_test: [
            { expr: query, eval_time: '0m', exp_samples: [{ labels: '{}', value: wanted }] },
          ],
        },
      ],
    }
    expect(promtool(['test', 'rules', 'tests.yaml'], { 'tests.yaml': stringify(tests) })).toBe('')
    expect(Number(threshold)).toBeGreaterThan(50)
  })
})
