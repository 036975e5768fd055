import { CALL_METRICS } from './calls.ts'
import { CONTROL_METRICS } from './control.ts'
import { FILE_METRICS } from './files.ts'
import { HOOK_METRICS } from './hooks.ts'
import { MEDIA_METRICS } from './media.ts'
import { NODE_METRICS } from './node.ts'
import { OUTBOX_METRICS } from './outbox.ts'
import { PROCESS_METRICS } from './process.ts'
import { STAGE_METRICS } from './stages.ts'
import { SLO_METRICS } from './slo.ts'
import type { MetricStatement, MetricStatements } from './statement.ts'

/**
 * Every figure of the core, the server and Node.js that an operator is told of, in the order of the manual's table.
 * Plugins and directories state theirs in their READMEs.
 */
export const METRICS: MetricStatements = {
  ...CALL_METRICS,
  ...SLO_METRICS,
  ...MEDIA_METRICS,
  ...STAGE_METRICS,
  ...FILE_METRICS,
  ...OUTBOX_METRICS,
  ...HOOK_METRICS,
  ...PROCESS_METRICS,
  ...CONTROL_METRICS,
  ...NODE_METRICS,
}

/** Every figure of Kav may have it; those of the process itself leave it empty. */
export const PIPELINE_LABEL = 'pipeline'

export interface StatedMetric extends MetricStatement {
  readonly name: string
}

export function statedMetrics(): readonly StatedMetric[] {
  return Object.entries(METRICS).map(([name, statement]) => ({ name, ...statement }))
}

/** The unit of its values, which its name says (prometheus.io/docs/practices/naming). */
export function unitOf(name: string): string {
  if (/_seconds(_total)?$/.test(name)) return 's'
  if (/_bytes(_total)?$/.test(name)) return 'bytes'
  return ''
}

/** One line of plain text, for `# HELP`; `undefined` of a figure that is stated elsewhere. */
export function helpOf(name: string): string | undefined {
  return METRICS[name]?.means.replace(/\[([^[\]]*)\]\([^()[]*\)/g, '$1').replaceAll('`', '')
}
