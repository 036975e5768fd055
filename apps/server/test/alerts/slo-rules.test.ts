import { describe, expect, it } from 'vitest'
import type { AlertRule } from '../../src/alerts/alert-rule.ts'
import { rulesFile } from '../../src/alerts/rules-file.ts'
import { sloRuleGroups } from '../../src/alerts/slo-rules.ts'
import { METRICS } from '../../src/metrics/catalogue/catalogue.ts'
import type { Slo } from '../../src/slo/objectives.ts'
import { hasPromtool } from '../promtool.ts'
import { type InputSeries, type RuleTest, testRules } from './rule-tests.ts'

const SLO: Slo = {
  window: '30d',
  availability: 0.999,
  answer_p95_ms: 1200,
  first_words_lost: 0,
  heard_gaps_per_minute: 0.2,
}
const groups = sloRuleGroups([{ name: 'desk', slo: SLO }])
const rules = rulesFile(groups)

/** What happened, a value a minute, counted by two processes. */
interface Story {
  readonly slo: string
  /** Whole hours: when the rules are evaluated. */
  readonly hours: number
  /** A minute. */
  readonly events: number
  readonly bad: number
  /** So long there are bad ones, and so long none any more. */
  readonly badMinutes: number
  readonly quietMinutes?: number
}

function series({ slo, hours, events, bad, badMinutes, quietMinutes = 0 }: Story): InputSeries {
  const all = hours * 60
  const before = all - badMinutes - quietMinutes
  const after = quietMinutes > 0 ? ` ${bad * badMinutes}x${quietMinutes}` : ''
  const of = (counter: string, instance: string): string =>
    `kav_slo_${counter}_total{pipeline="desk",slo="${slo}",instance="${instance}"}`
  return {
    [of('events', 'a')]: `0+${events / 2}x${all}`,
    [of('events', 'b')]: `0+${events / 2}x${all}`,
    [of('bad', 'a')]: `0x${before} ${bad}+${bad}x${badMinutes - 1}${after}`,
    [of('bad', 'b')]: `0x${all}`,
  }
}

function test(alert: string, fires: boolean, story: Story, given = series(story)): RuleTest {
  const rule = groups
    .flatMap(({ rules: all }) => all)
    .find(
      (one): one is AlertRule => 'alert' in one && one.alert === alert && one.labels?.['slo'] === story.slo,
    )!
  const labels = { severity: rule.severity, pipeline: 'desk', slo: story.slo }
  const name = `${alert} of ${story.slo} ${fires ? 'fires' : 'does not fire'}`
  const wanted = fires ? [{ labels, summary: rule.summary }] : []
  return { name, alert, at: story.hours * 60, series: given, fires: wanted }
}

/** `[alert, minutes of its long window, bad of a thousand calls that are just too many]` */
const BURNS = [
  ['KavSloBurnsNow', 60, 14.4],
  ['KavSloBurnsFast', 6 * 60, 6],
  ['KavSloBurns', 24 * 60, 3],
  ['KavSloBurnsSlowly', 3 * 24 * 60, 1],
] as const

const TESTS: readonly RuleTest[] = [
  ...BURNS.flatMap(([alert, long, permille]) => {
    const short = long / 12
    const calls = { slo: 'availability', hours: Math.ceil((long * 1.2) / 60) + 1, events: 1000 }
    const tooMany = { ...calls, bad: permille * 1.1 }
    return [
      test(alert, true, { ...tooMany, badMinutes: long + 5 }),
      test(alert, false, { ...calls, bad: permille * 0.9, badMinutes: long + 5 }),
      // It is over: the short window has none.
      test(alert, false, { ...tooMany, badMinutes: long, quietMinutes: short + 5 }),
      // It has just begun.
      test(alert, false, { ...tooMany, badMinutes: short + 5 }),
    ]
  }),
  ...(
    [
      ['KavSloBurnsNow', true, { slo: 'answers', hours: 2, events: 100, bad: 75, badMinutes: 70 }],
      ['KavSloBurnsNow', false, { slo: 'answers', hours: 2, events: 100, bad: 60, badMinutes: 70 }],
      ['KavSloBurnsFast', true, { slo: 'answers', hours: 8, events: 100, bad: 35, badMinutes: 370 }],
      ['KavSloBurnsFast', false, { slo: 'answers', hours: 8, events: 100, bad: 5, badMinutes: 370 }],
      // Two of the few calls of a night: no reason to wake anybody.
      ['KavSloBurnsNow', false, { slo: 'availability', hours: 2, events: 0.1, bad: 0.033, badMinutes: 60 }],
      ['KavSloBurnsNow', true, { slo: 'availability', hours: 2, events: 0.1, bad: 0.066, badMinutes: 60 }],
      // More gaps than minutes.
      ['KavSloBurnsNow', true, { slo: 'gaps', hours: 2, events: 10, bad: 30, badMinutes: 70 }],
      ['KavSloBurnsNow', false, { slo: 'gaps', hours: 2, events: 10, bad: 28, badMinutes: 70 }],
      [
        'KavSloMissed',
        true,
        { slo: 'first_words', hours: 2, events: 100, bad: 1, badMinutes: 1, quietMinutes: 10 },
      ],
      [
        'KavSloMissed',
        false,
        { slo: 'first_words', hours: 2, events: 100, bad: 1, badMinutes: 1, quietMinutes: 70 },
      ],
    ] as const
  ).map(([alert, fires, story]) => test(alert, fires, story)),
  ...(['0.001', '0.01'] as const).map((allowed) =>
    test(
      'KavSloRulesAreOld',
      allowed !== '0.001',
      { slo: 'availability', hours: 2, events: 1, bad: 0, badMinutes: 1 },
      { 'kav_slo_allowed{pipeline="desk",slo="availability",instance="a"}': `${allowed}x120` },
    ),
  ),
]

describe('the rules of objectives', () => {
  it('ask for what there is', () => {
    const asked = new Set(
      [...rules.matchAll(/\b(kav_slo_(?:bad|events)_total|kav_slo_allowed)\b/g)].map(([, name]) => name),
    )
    expect([...asked].sort()).toEqual(['kav_slo_allowed', 'kav_slo_bad_total', 'kav_slo_events_total'])
    for (const name of asked) expect(METRICS[name!]!.labels).toEqual(['slo'])
  })

  it('are none where nothing is promised', () => {
    expect(sloRuleGroups([])).toEqual([])
    expect(sloRuleGroups([{ name: 'desk', slo: { window: '30d' } }])).toEqual([])
  })

  it.each([
    ['7d', [3.36, 1.4, 1, 1]],
    ['30d', [14.4, 6, 3, 1]],
    ['90d', [43.2, 18, 9, 3]],
  ] as const)(
    'ask in %s for such burns as use up the same share of the budget, and never for less than 1',
    (window, burns) => {
      const [, own] = sloRuleGroups([{ name: 'desk', slo: { window, availability: 0.999 } }])
      const bounds = own!.rules.flatMap((rule) =>
        'alert' in rule
          ? [...rule.expr.matchAll(/ratio_rate\w+\{[^}]*\} > (\S+) and pipeline/g)].map(
              ([, bound]) => Number(bound) * 1000,
            )
          : [],
      )
      expect(bounds.map((bound) => Number(bound.toFixed(4)))).toEqual(burns)
    },
  )

  it('can be missed, whatever is allowed: of a share no more than nine tenths are asked for', () => {
    const [, own] = sloRuleGroups([{ name: 'desk', slo: { window: '90d', answer_p95_ms: 1200 } }])
    const bounds = [...rulesFile([own!]).matchAll(/ratio_rate1h\{[^}]*\} > (\S+)/g)].map(([, bound]) =>
      Number(bound),
    )
    expect(bounds).toEqual([0.9])
  })

  it.skipIf(!hasPromtool)('fire when the budget burns too fast, and then only', () => {
    expect(testRules(rules, TESTS, '1h')).toBe('')
  })
})
