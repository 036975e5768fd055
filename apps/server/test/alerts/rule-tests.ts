import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { promtool } from '../promtool.ts'

/** Series in promtool's notation, `0+1x10`, one value a minute. */
export type InputSeries = Readonly<Record<string, string>>

export interface ExpectedAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly summary: string
}

export interface RuleTest {
  readonly name: string
  readonly series: InputSeries
  readonly alert: string
  /** Minutes since the first values. */
  readonly at: number
  readonly fires: readonly ExpectedAlert[]
}

/**
 * What `promtool test rules` has against the rules; empty when each test holds. `every`: how often the rules are
 * evaluated, which takes long of many days.
 */
export function testRules(rules: string, tests: readonly RuleTest[], every: '1m' | '1h' = '1m'): string {
  const folder = mkdtempSync(join(tmpdir(), 'kav-rules-'))
  try {
    writeFileSync(join(folder, 'rules.yaml'), rules)
    const file = {
      rule_files: ['rules.yaml'],
      evaluation_interval: every,
      // Recording rules first, as they stand in the file.
      group_eval_order: [...rules.matchAll(/^ {2}- name: "(.*)"$/gm)].map(([, name]) => name),
      tests: tests.map(({ name, series, alert, at, fires }) => ({
        name,
        interval: '1m',
        input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
        alert_rule_test: [
          {
            eval_time: `${at}m`,
            alertname: alert,
            exp_alerts: fires.map(({ labels, summary }) => ({
              exp_labels: labels,
              exp_annotations: { summary },
            })),
          },
        ],
      })),
    }
    writeFileSync(join(folder, 'tests.yaml'), stringify(file))
    return promtool(['test', 'rules', join(folder, 'tests.yaml')])
  } finally {
    rmSync(folder, { recursive: true })
  }
}
