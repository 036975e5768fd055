/** A rule file in the words of the Prometheus Operator. */
export function operatorRules(rules: string): string {
  const head = 'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: kav\nspec:\n'
  return `${head}${rules.replace(/^(?=.)/gm, '  ')}`
}
