import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createCallerScript, runCallScript } from '@kav/phone'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { METRICS, PIPELINE_LABEL } from '../../src/metrics/catalogue/catalogue.ts'
import { serveProcess, type ServedProcess } from '../served-process.ts'
import { hasPrometheus, openPrometheus, type RealPrometheus } from './real-prometheus.ts'

const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const KAV = place('../../bin/kav.js')
const DESK = place('../fixtures/promising-desk.yaml')
const LIMIT_MS = 120_000
/** What Prometheus adds. */
const OF_PROMETHEUS = ['__name__', 'instance', 'job', 'le']

interface Dashboard {
  readonly panels: readonly { title: string; targets: readonly { expr: string }[] }[]
}

describe.skipIf(!hasPrometheus)('a service that real Prometheus scrapes', () => {
  let server: ServedProcess
  let prometheus: RealPrometheus
  let rules: string

  beforeAll(async () => {
    const made = spawnSync(process.execPath, [KAV, 'alerts', DESK], { encoding: 'utf8' })
    expect(made).toMatchObject({ status: 0, stderr: '' })
    rules = made.stdout
    server = await serveProcess(DESK)
    const script = createCallerScript({
      name: 'one question',
      steps: [{ wait_mark: 'greeting_end' }, { say: 'hello.wav' }, { wait_hang_up: { timeout_ms: 30_000 } }],
    })
    const webhookUrl = `http://127.0.0.1:${server.port}/twilio/voice`
    expect((await runCallScript({ webhookUrl, script })).script).toEqual({ passed: true })
    await server.line('📞 CALL: ended')
    prometheus = await openPrometheus(new URL(server.adminUrl).host, rules)
  }, LIMIT_MS)

  afterAll(async () => {
    await prometheus?.close()
    await server?.remove()
  })

  // First of all: the others ask when the call is in the figures.
  it(
    'is told of the call',
    async () => {
      const query = 'kav_slo_events_total{slo="availability"} == 1'
      await expect
        .poll(() => prometheus.get('query', { query }), { timeout: 60_000 })
        .toMatchObject({ result: [{ metric: { pipeline: 'promising-desk' } }] })
    },
    LIMIT_MS,
  )

  it('answers every query of the dashboard', async () => {
    const { panels } = JSON.parse(
      readFileSync(place('../../../../deploy/grafana/kav.json'), 'utf8'),
    ) as Dashboard
    for (const { title, targets } of panels) {
      for (const { expr } of targets) {
        const query = expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.+')
        expect(await prometheus.get('query', { query }), title).toMatchObject({ resultType: 'vector' })
      }
    }
  })

  it('evaluates every rule that kav alerts makes, without an error', async () => {
    type Group = { name: string; rules: { name: string; health: string; lastError?: string }[] }
    const evaluated = async (): Promise<Group['rules']> => {
      const { groups } = (await prometheus.get('rules')) as { groups: Group[] }
      return groups.flatMap((group) => group.rules)
    }
    await expect
      .poll(async () => (await evaluated()).filter(({ health }) => health === 'unknown'), { timeout: 60_000 })
      .toEqual([])
    const all = await evaluated()
    expect(all).toHaveLength([...rules.matchAll(/^ {6}- (alert|record): /gm)].length)
    expect(all.filter(({ health }) => health !== 'ok')).toEqual([])
  })

  it('has figures with the types and labels that the catalogue states', async () => {
    const series = (await prometheus.get('series', { 'match[]': '{__name__=~"kav_.+"}' })) as Record<
      string,
      string
    >[]
    const metadata = (await prometheus.get('targets/metadata')) as {
      metric: string
      type: string
      help: string
    }[]
    const types = new Map(metadata.map(({ metric, type }) => [metric, type]))
    // OpenMetrics names the family of a counter without its `_total`.
    const typeOf = (family: string): string | undefined =>
      types.get(family) ?? types.get(family.replace(/_total$/, ''))
    expect(series.length).toBeGreaterThan(50)
    for (const one of series) {
      const name = one['__name__']!
      const family = types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '')
      const stated = METRICS[family]
      // Figures of plugins are stated by their READMEs.
      if (stated === undefined && family.startsWith('kav_twilio_')) continue
      expect(stated, family).toMatchObject({ type: typeOf(family) })
      const known = [...stated!.labels, PIPELINE_LABEL, ...OF_PROMETHEUS]
      expect(
        Object.keys(one).filter((label) => !known.includes(label)),
        family,
      ).toEqual([])
    }
  })
})
