import { paramsDoc } from '../plugins/index.ts'
import { PipelineSchema } from './schema/pipeline.ts'
import { RedactFields } from './schema/redact.ts'
import { CoreSttParamsSchema } from './schema/stage.ts'
import { STEPS } from './checks/stage-combinations.ts'

const { properties } = PipelineSchema

/** What each pair of marks in docs/configuration.md holds. */
const TABLES: Readonly<Record<string, () => string>> = {
  pipeline: topLevelTable,
  'stt.params': () => paramsDoc({ params: CoreSttParamsSchema }),
  'rx-queue': () => paramsDoc({ params: properties['rx-queue'] }),
  'tx-queue': () => paramsDoc({ params: properties['tx-queue'] }),
  conversation: () => paramsDoc({ params: properties.conversation }),
  tools: () => paramsDoc({ params: properties.tools }),
  limits: () => paramsDoc({ params: properties.limits }),
  background: () => paramsDoc({ params: properties.background }),
  hooks: () => paramsDoc({ params: properties.hooks }),
  keep: () => paramsDoc({ params: properties.keep }),
  slo: () => paramsDoc({ params: properties.slo }),
  record: () => paramsDoc({ params: properties.record }),
  redact: () => paramsDoc({ params: RedactFields }),
  'speech-cache': () => paramsDoc({ params: properties['speech-cache'] }),
}

const MARKED = /(<!-- fields: (\S+) -->\n)[\s\S]*?(<!-- end of fields -->)/g

/**
 * The text of docs/configuration.md with the tables of fields as the schema says them now. Each table stands
 * between `<!-- fields: conversation -->` and `<!-- end of fields -->`; everything else is left as it is. Throws for a
 * place that no table is for.
 */
export function refreshConfigurationDoc(markdown: string): string {
  return markdown.replace(MARKED, (_whole, start: string, name: string, end: string) => {
    const table = TABLES[name]
    if (table === undefined) throw new Error(`there is no table for <!-- fields: ${name} -->`)
    return `${start}${table()}${end}`
  })
}

function topLevelTable(): string {
  const required: readonly string[] = PipelineSchema.required ?? []
  const rows = Object.entries(properties).map(([name, field]) => {
    const isRequired = required.includes(name) && !('default' in field)
    const isStep = STEPS.some((step) => step === name)
    const when = isRequired ? 'yes' : isStep ? 'unless `realtime`' : ''
    return `| \`${name}\` | ${when} | ${String(field.description)} |`
  })
  return ['| Field | Required | Meaning |', '|---|---|---|', ...rows, ''].join('\n')
}
