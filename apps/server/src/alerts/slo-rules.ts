import { type Objective, objectivesOf, type Slo } from '../slo/objectives.ts'
import type { AlertRule, RecordingRule, RuleGroup } from './alert-rule.ts'

/** A pipeline whose promises are watched. */
export interface PromisingPipeline {
  readonly name: string
  readonly slo: Slo
}

/**
 * One way to use up an error budget too fast. It must have gone on for the long window, and still go on in the short
 * one, so that the alert ends soon after the fault (sre.google/workbook/alerting-on-slos, "multiwindow, multi-burn-rate").
 */
interface Burn {
  readonly alert: string
  readonly severity: AlertRule['severity']
  readonly long: { readonly name: string; readonly hours: number }
  readonly short: string
  /** Share of the budget that is gone after the long window. */
  readonly used: number
}

const BURNS: readonly Burn[] = [
  { alert: 'KavSloBurnsNow', severity: 'page', long: { name: '1h', hours: 1 }, short: '5m', used: 0.02 },
  { alert: 'KavSloBurnsFast', severity: 'page', long: { name: '6h', hours: 6 }, short: '30m', used: 0.05 },
  { alert: 'KavSloBurns', severity: 'ticket', long: { name: '1d', hours: 24 }, short: '2h', used: 0.1 },
  { alert: 'KavSloBurnsSlowly', severity: 'ticket', long: { name: '3d', hours: 72 }, short: '6h', used: 0.1 },
]
const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d']
/** Of a few calls a day one that fails burns anything, and wakes nobody. */
const BAD_ONES_AT_LEAST = 3
/** Where not even all of them being bad would burn so fast. */
const MOST = 0.9
const RATIO = 'pipeline_slo:kav_slo_bad:ratio_rate'
const BUDGET_LEFT = 'pipeline_slo:kav_slo_budget_left:ratio'
const HOURS_A_DAY = 24

/** Recording rules that all share, and the alerts of each promise. None where nothing is promised. */
export function sloRuleGroups(pipelines: readonly PromisingPipeline[]): readonly RuleGroup[] {
  const groups = pipelines.map(({ name, slo }) => ({
    name: `kav-slo-${name}`,
    rules: objectivesOf(slo).flatMap((objective) => objectiveRules(name, slo, objective)),
  }))
  if (groups.every(({ rules }) => rules.length === 0)) return []
  return [{ name: 'kav-slo', rules: WINDOWS.map(ratioOver) }, ...groups]
}

function ratioOver(window: string): RecordingRule {
  const over = (counter: string): string => `sum by (pipeline, slo) (rate(${counter}[${window}]))`
  return {
    record: `${RATIO}${window}`,
    expr: `${over('kav_slo_bad_total')} / (${over('kav_slo_events_total')} > 0)`,
  }
}

function objectiveRules(
  pipeline: string,
  slo: Slo,
  objective: Objective,
): readonly (AlertRule | RecordingRule)[] {
  // Rules of one name are told apart by them (`promtool check rules`).
  const labels = { pipeline, slo: objective.name }
  const selector = `{pipeline="${pipeline}",slo="${objective.name}"}`
  const days = Number(slo.window.slice(0, -1))
  const rules =
    objective.allowed === 0
      ? [anyBad(pipeline, selector, objective)]
      : [
          budgetLeft(selector, slo.window, objective),
          ...BURNS.map((burn) => burning({ pipeline, selector, objective, burn, days })),
        ]
  return [...rules, oldRules(pipeline, selector, objective)].map((rule) => ({ ...rule, labels }))
}

function burning(of: {
  pipeline: string
  selector: string
  objective: Objective
  burn: Burn
  days: number
}): AlertRule {
  const { pipeline, selector, objective, burn, days } = of
  const { allowed, isShare, counted, bad } = objective
  const { alert, severity, long, short } = burn
  // Slower than 1 no budget is used up before its time.
  const rate = Math.max(1, (burn.used * days * HOURS_A_DAY) / long.hours)
  const bound = plain(isShare ? Math.min(rate * allowed, MOST) : rate * allowed)
  const few = `sum by (pipeline, slo) (increase(kav_slo_bad_total${selector}[${long.name}])) > ${BAD_ONES_AT_LEAST - 0.5}`
  const what = isShare
    ? `more than ${plain(bound * 100)} % of ${counted} ${bad}`
    : `more than ${bound} ${bad} a minute`
  return {
    alert,
    expr: `${RATIO}${long.name}${selector} > ${bound} and ${RATIO}${short}${selector} > ${bound} and ${few}`,
    severity,
    summary: `${pipeline}: ${what} (in ${long.name} and ${short}), ${plain(bound / allowed)} times as fast as the ${days} days allow`,
  }
}

function anyBad(pipeline: string, selector: string, { counted, bad, isShare }: Objective): AlertRule {
  return {
    alert: 'KavSloMissed',
    expr: `sum by (pipeline, slo) (increase(kav_slo_bad_total${selector}[1h])) > 0`,
    severity: 'ticket',
    summary: `${pipeline}: ${isShare ? `${counted} ${bad}` : bad}, and none is allowed`,
  }
}

function budgetLeft(selector: string, window: string, { allowed }: Objective): RecordingRule {
  const over = (counter: string): string =>
    `sum by (pipeline, slo) (increase(${counter}${selector}[${window}]))`
  return {
    record: BUDGET_LEFT,
    expr: `1 - ${over('kav_slo_bad_total')} / (${over('kav_slo_events_total')} > 0) / ${allowed}`,
  }
}

/** The file was changed, and what Prometheus has was made of the old one. */
function oldRules(pipeline: string, selector: string, { name, allowed }: Objective): AlertRule {
  return {
    alert: 'KavSloRulesAreOld',
    expr: `max by (pipeline, slo) (kav_slo_allowed${selector}) != ${allowed}`,
    forMinutes: 30,
    severity: 'ticket',
    summary: `${pipeline}: the objective of ${name} is another one by now; make the rules anew with kav alerts`,
  }
}

/** As a person would write it. */
function plain(value: number): number {
  return Number(value.toPrecision(6))
}
