import type { AlertRule, RecordingRule, RuleGroup } from './alert-rule.ts'

/** The text of a file for `rule_files` of Prometheus. */
export function rulesFile(groups: readonly RuleGroup[]): string {
  const parts = groups.map(({ name, rules }) =>
    [`  - name: ${JSON.stringify(name)}`, '    rules:', ...rules.flatMap(ruleLines)].join('\n'),
  )
  return parts.length === 0 ? 'groups: []\n' : `groups:\n${parts.join('\n')}\n`
}

function ruleLines(rule: AlertRule | RecordingRule): readonly string[] {
  if ('record' in rule)
    return [
      `      - record: ${rule.record}`,
      `        expr: ${exprOf(rule.expr)}`,
      ...labelLines(rule.labels ?? {}),
    ]
  return [
    `      - alert: ${rule.alert}`,
    `        expr: ${exprOf(rule.expr)}`,
    ...(rule.forMinutes === undefined ? [] : [`        for: ${rule.forMinutes}m`]),
    ...labelLines({ severity: rule.severity, ...rule.labels }),
    `        annotations: { summary: ${JSON.stringify(rule.summary)} }`,
  ]
}

function exprOf(expr: string): string {
  // PromQL is full of double quotes.
  return `'${expr.replaceAll("'", "''")}'`
}

function labelLines(labels: Readonly<Record<string, string>>): readonly string[] {
  const shown = Object.entries(labels).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return shown.length === 0 ? [] : [`        labels: { ${shown.join(', ')} }`]
}
