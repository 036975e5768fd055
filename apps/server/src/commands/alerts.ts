import { loadPipelineText } from '@kav/core/host'
import { operatorRules } from '../alerts/operator-rules.ts'
import { rulesFile } from '../alerts/rules-file.ts'
import { BUDGET_BURNS, SERVICE_ALERTS } from '../alerts/service-alerts.ts'
import { sloRuleGroups } from '../alerts/slo-rules.ts'
import type { Environment } from '../environment.ts'
import { loadOptions } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { readSources } from '../service/pipeline-files.ts'
import { loadWithStandIns } from '../stand-in-environment.ts'

/**
 * `kav alerts [pipelines]`: a file for `rule_files` of Prometheus, with the alerts of any service and those of what the
 * pipelines promise in `slo`. Nothing is reached, so no key is needed. Throws `PipelineProblems` for a file that is wrong.
 */
export async function alerts(
  paths: readonly string[],
  { kubernetes = false }: { readonly kubernetes?: boolean },
  env: Environment,
  print: (line: string) => void,
  warn: (line: string) => void,
): Promise<number> {
  const loader = createServerLoader()
  const promising = []
  for (const { file, text } of await readSources(paths)) {
    const { config } = await loadWithStandIns(env, (withStandIns) =>
      loadPipelineText(file, text, loadOptions(withStandIns, loader)),
    )
    if (config.slo) promising.push({ name: config.name, slo: config.slo })
    else warn(`${file}: no slo, so it has no alerts of its own`)
  }
  const own = sloRuleGroups(promising)
  const ofAny = SERVICE_ALERTS.filter((rule) => own.length === 0 || rule !== BUDGET_BURNS)
  const rules = rulesFile([{ name: 'kav', rules: ofAny }, ...own])
  print(`# Made by kav alerts${paths.map((path) => ` ${path}`).join('')}`)
  print((kubernetes ? operatorRules(rules) : rules).trimEnd())
  return 0
}
