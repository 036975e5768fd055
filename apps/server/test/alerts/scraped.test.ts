import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createCallerScript, placeCall, runCallScript } from '@kav/phone'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { METRICS, PIPELINE_LABEL } from '../../src/metrics/catalogue/catalogue.ts'
import { serveProcess, type ServedProcess } from '../served-process.ts'
import { hasPrometheus, openPrometheus, type RealPrometheus } from './real-prometheus.ts'

const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const KAV = place('../../bin/kav.js')
const DESK = place('../fixtures/troubled-desk.yaml')
const LIMIT_MS = 240_000
/** What Prometheus adds. */
const OF_PROMETHEUS = ['__name__', 'instance', 'job', 'le']

/** One series of an answer: when, and what. */
interface Answer {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

interface Dashboard {
  readonly panels: readonly { title: string; targets: readonly { expr: string }[] }[]
}

describe.skipIf(!hasPrometheus)('a service that real Prometheus scrapes', () => {
  let server: ServedProcess
  let prometheus: RealPrometheus
  let rules: string

  /** One caller is answered, by providers that others fell back to; another one finds no room. */
  async function callAndRefuse(): Promise<void> {
    const webhookUrl = `http://127.0.0.1:${server.port}/twilio/voice`
    const script = createCallerScript({
      name: 'one question',
      steps: [{ wait_mark: 'greeting_end' }, { say: 'hello.wav' }, { wait_hang_up: { timeout_ms: 30_000 } }],
    })
    const from = server.lines.length
    const since = (message: string) => server.lines.slice(from).find(({ msg }) => msg === message)
    const called = runCallScript({ webhookUrl, script })
    await vi.waitUntil(() => since('📞 CALL: started'), { timeout: 120_000 })
    await expect(placeCall({ webhookUrl })).rejects.toThrow()
    expect((await called).script).toEqual({ passed: true })
    await vi.waitUntil(() => since('📞 CALL: ended'), { timeout: 120_000 })
  }

  const answersOf = async (query: string): Promise<readonly Answer[]> => {
    const { result } = (await prometheus.get('query', { query })) as { result: readonly Answer[] }
    return result
  }

  beforeAll(async () => {
    const made = spawnSync(process.execPath, [KAV, 'alerts', DESK], { encoding: 'utf8' })
    expect(made).toMatchObject({ status: 0, stderr: '' })
    rules = made.stdout
    server = await serveProcess(DESK)
    prometheus = await openPrometheus(new URL(server.adminUrl).host, rules)
    await callAndRefuse()
    const query = 'kav_slo_events_total{slo="availability"} == 2'
    await vi.waitUntil(async () => (await answersOf(query)).length === 1, { timeout: 120_000, interval: 200 })
    // What is counted from here on is an increase.
    await callAndRefuse()
  }, LIMIT_MS)

  afterAll(async () => {
    await prometheus?.close()
    await server?.remove()
  })

  it(
    'is told of the calls',
    async () => {
      const query = 'kav_slo_events_total{slo="availability"} == 4'
      await expect
        .poll(() => prometheus.get('query', { query }), { timeout: 120_000 })
        .toMatchObject({ result: [{ metric: { pipeline: 'troubled-desk' } }] })
    },
    LIMIT_MS,
  )

  it(
    'has an answer to every query of the dashboard, and it is a number',
    async () => {
      const { panels } = JSON.parse(
        readFileSync(place('../../../../deploy/grafana/kav.json'), 'utf8'),
      ) as Dashboard
      const asked = panels.flatMap(({ title, targets }) =>
        targets.map(({ expr }) => ({
          title,
          query: expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.+'),
        })),
      )
      expect(asked.length).toBeGreaterThan(20)
      const unanswered = async () => {
        const all = await Promise.all(
          asked.map(async ({ title, query }) => ({ title, query, answers: await answersOf(query) })),
        )
        return all
          .filter(({ answers }) => !answers.some(({ value: [, value] }) => Number.isFinite(Number(value))))
          .map(({ title, query }) => `${title}: ${query}`)
      }
      // The event loop’s lag is measured now and then.
      await expect.poll(unanswered, { timeout: 120_000 }).toEqual([])
    },
    LIMIT_MS,
  )

  it('evaluates every rule that kav alerts makes, without an error', async () => {
    type Group = { name: string; rules: { name: string; health: string; lastError?: string }[] }
    const evaluated = async (): Promise<Group['rules']> => {
      const { groups } = (await prometheus.get('rules')) as { groups: Group[] }
      return groups.flatMap((group) => group.rules)
    }
    await expect
      .poll(async () => (await evaluated()).filter(({ health }) => health === 'unknown'), {
        timeout: 120_000,
      })
      .toEqual([])
    const all = await evaluated()
    expect(all).toHaveLength([...rules.matchAll(/^ {6}- (alert|record): /gm)].length)
    expect(all.filter(({ health }) => health !== 'ok')).toEqual([])
  })

  it(
    'is told of by the rules: callers refused, and what that is of the promise',
    async () => {
      const firing = async () =>
        (await answersOf('ALERTS{alertstate="firing"}')).map(({ metric }) => metric['alertname'])
      await expect.poll(firing, { timeout: 120_000 }).toContain('KavCallersRefused')
      // Two of four, of one in a thousand that is allowed.
      for (const query of [
        'pipeline_slo:kav_slo_bad:ratio_rate1h{slo="availability"} / on (pipeline, slo) kav_slo_allowed',
        'kav_slo_burn_rate{slo="availability",window="1h"}',
      ])
        await expect
          .poll(async () => Math.round(Number((await answersOf(query))[0]?.value[1])), { timeout: 120_000 })
          .toBe(500)
    },
    LIMIT_MS,
  )

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
