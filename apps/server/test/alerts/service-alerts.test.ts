import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { rulesFile } from '../../src/alerts/rules-file.ts'
import { SERVICE_ALERTS } from '../../src/alerts/service-alerts.ts'
import { METRICS } from '../../src/metrics/catalogue/catalogue.ts'
import { hasPromtool, promtool } from '../promtool.ts'
import { type InputSeries, type RuleTest, testRules } from './rule-tests.ts'

const docs = (name: string): string => fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url))
const rules = rulesFile([{ name: 'kav', rules: SERVICE_ALERTS }])

interface Case {
  readonly bad: InputSeries
  readonly well: InputSeries
  /** Of the alert, beside its severity. */
  readonly labels: Readonly<Record<string, string>>
}

const A = 'instance="a"'
const OF_A = { instance: 'a' }

/** A counter that is there from the start and counts, and one whose first is its only one; and one that is old. */
const counts = (name: string, labels: string, of: Case['labels'] = OF_A): Case => ({
  bad: { [`${name}{${labels}}`]: '0x15 1x15' },
  well: { [`${name}{${labels}}`]: '7x30' },
  labels: of,
})
const first = (name: string, labels: string, of: Case['labels'] = OF_A): Case => ({
  bad: { [`${name}{${labels}}`]: '_x19 1x15' },
  well: { [`${name}{${labels}}`]: '0x30' },
  labels: of,
})
/** All of a minute's hundred are within a bound, or beyond it. */
const slower = (
  name: string,
  labels: string,
  bounds: readonly [number, number],
): Pick<Case, 'bad' | 'well'> => {
  const buckets = (within: string): InputSeries => ({
    [`${name}_bucket{${labels},le="${bounds[0]}"}`]: within,
    [`${name}_bucket{${labels},le="${bounds[1]}"}`]: '0+100x30',
    [`${name}_bucket{${labels},le="+Inf"}`]: '0+100x30',
  })
  return { bad: buckets('0x30'), well: buckets('0+100x30') }
}

/** `bad`: of the last five minutes; of the hour there are always two. */
const burning = (bad: string): InputSeries =>
  Object.fromEntries(
    ['a', 'b'].flatMap((instance) => {
      const promise = `pipeline="desk",slo="availability",instance="${instance}"`
      return [
        [`kav_slo_allowed{${promise}}`, '0.001x30'],
        [`kav_slo_window_events{${promise},window="1h"}`, '100x30'],
        [`kav_slo_window_bad{${promise},window="1h"}`, '2x30'],
        [`kav_slo_window_events{${promise},window="5m"}`, '100x30'],
        [`kav_slo_window_bad{${promise},window="5m"}`, bad],
      ]
    }),
  )

const CASES: Readonly<Record<string, readonly Case[]>> = {
  KavCallersHearGaps: [
    {
      bad: {
        [`kav_tx_underruns_total{pipeline="x",${A}}`]: '0+3x30',
        [`kav_tx_underruns_total{pipeline="y",${A}}`]: '0+3x30',
      },
      well: { [`kav_tx_underruns_total{${A}}`]: '0+4x30' },
      labels: OF_A,
    },
  ],
  KavCallersAreNotHeard: [
    {
      ...counts('kav_rx_queue_dropped_frames_total', A),
      bad: { [`kav_rx_queue_dropped_frames_total{${A}}`]: '0x22 2x9' },
    },
    first('kav_rx_queue_dropped_frames_total', A),
  ],
  KavSlowToAnswer: [{ ...slower('kav_turn_latency_seconds', `step="first_frame",${A}`, [2, 3]), labels: {} }],
  KavRecognitionOpensLate: [
    {
      ...slower('kav_stt_open_seconds', `plugin="google-stt",${A}`, [3, 5]),
      labels: { plugin: 'google-stt' },
    },
  ],
  KavProviderDown: [
    {
      bad: { [`kav_provider_state{kind="llm",provider="openai",region="",${A}}`]: '2x30' },
      well: { [`kav_provider_state{kind="llm",provider="openai",region="",${A}}`]: '2x3 1 2x3 0x30' },
      labels: { kind: 'llm', provider: 'openai', instance: 'a' },
    },
  ],
  KavStageFailed: [
    counts('kav_call_events_total', `event="transfer_failed",${A}`, { event: 'transfer_failed', ...OF_A }),
    first('kav_call_events_total', `event="stage_failed",${A}`, { event: 'stage_failed', ...OF_A }),
    {
      ...first('kav_call_events_total', `event="vad_failed",${A}`, { event: 'vad_failed', ...OF_A }),
      well: { [`kav_call_events_total{event="call_ended",${A}}`]: '0+1x30' },
    },
  ],
  KavProvidersFailOften: [
    {
      bad: {
        [`kav_call_events_total{event="llm_failed",${A}}`]: '0+2x30',
        [`kav_call_events_total{event="tts_failed",${A}}`]: '0+2x30',
      },
      well: { [`kav_call_events_total{event="llm_failed",${A}}`]: '0+3x30' },
      labels: OF_A,
    },
  ],
  KavErrorsOfItsOwn: [
    {
      ...first('kav_stray_errors_total', `plugin="unknown",${A}`),
      well: { [`kav_stray_errors_total{plugin="@kav/plugin-mine",${A}}`]: '0+1x30' },
    },
  ],
  KavProcessIsLate: [
    {
      bad: { [`nodejs_eventloop_lag_p99_seconds{${A}}`]: '0.06x30' },
      well: { [`nodejs_eventloop_lag_p99_seconds{${A}}`]: '0.06x3 0.05x30' },
      labels: OF_A,
    },
  ],
  KavRecordsAreLost: [counts('kav_call_files_failed_total', A), first('kav_recordings_failed_total', A)],
  KavCallsGivenUp: [
    first('kav_gave_up_total', `then="hang_up",stage="llm",${A}`),
    counts('kav_gave_up_total', A),
  ],
  KavCallersRefused: [
    {
      ...first('kav_calls_refused_total', `reason="full",instead="refuse",${A}`, { reason: 'full', ...OF_A }),
      well: { [`kav_calls_refused_total{reason="draining",${A}}`]: '0+1x30' },
    },
  ],
  KavWorkersDie: [first('kav_worker_exits_total', `reason="SIGKILL",${A}`, { reason: 'SIGKILL', ...OF_A })],
  KavFilesRefused: [
    {
      ...first('kav_reloads_total', `outcome="refused",${A}`),
      well: { [`kav_reloads_total{outcome="taken",${A}}`]: '0+1x30' },
    },
  ],
  // Two of a hundred calls, where one in a thousand is allowed, of each of two machines; then it is long over.
  KavBudgetBurns: [
    {
      bad: burning('2x30'),
      well: burning('0x30'),
      labels: { pipeline: 'desk', slo: 'availability' },
    },
  ],
}

function testsOf(name: string): readonly RuleTest[] {
  const { severity, summary } = SERVICE_ALERTS.find(({ alert }) => alert === name)!
  return CASES[name]!.flatMap(({ bad, well, labels }, index) => [
    {
      name: `${name} fires (${index})`,
      alert: name,
      at: 25,
      series: bad,
      fires: [{ labels: { severity, ...labels }, summary }],
    },
    { name: `${name} does not (${index})`, alert: name, at: 25, series: well, fires: [] },
  ])
}

describe('the alerts of a service', () => {
  it.each(SERVICE_ALERTS)('$alert asks for what there is', ({ expr }) => {
    const asked = [...expr.matchAll(/\b((?:kav|nodejs|process)_\w+?)(?:_bucket)?\b(?:\{([^}]*)\})?/g)]
    expect(asked.length).toBeGreaterThan(0)
    for (const [, name, selector = ''] of asked) {
      expect(METRICS, name).toHaveProperty(name!)
      for (const [, label] of selector.matchAll(/(\w+)[=!]/g)) expect(METRICS[name!]!.labels).toContain(label)
    }
  })

  it('have cases, each of them', () => {
    expect(Object.keys(CASES)).toEqual(SERVICE_ALERTS.map(({ alert }) => alert))
  })

  it('are what stands in docs/alerts.yaml', () => {
    expect(readFileSync(docs('alerts.yaml'), 'utf8')).toContain(rules)
  })

  it.skipIf(!hasPromtool)('are rules to Prometheus', () => {
    expect(promtool(['check', 'rules', docs('alerts.yaml')])).toBe('')
  })

  it.skipIf(!hasPromtool)('fire where they should, and not where they should not', () => {
    expect(testRules(rules, Object.keys(CASES).flatMap(testsOf))).toBe('')
  })

  it.skipIf(!hasPromtool)('are tested by tests that can fail', () => {
    const tests = testsOf('KavProviderDown')
    expect(testRules(rules.replace('kav_provider_state == 2', 'kav_provider_state == 3'), tests)).toContain(
      'FAILED',
    )
    expect(testRules(rules.replace('kav_provider_state == 2', 'kav_provider_state >= 0'), tests)).toContain(
      'FAILED',
    )
  })
})
