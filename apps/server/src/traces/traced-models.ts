import type { LoadedPipeline, Providers } from '@kav/core/host'
import type { TracedModels } from './call-traces.ts'

/** Makers as OpenTelemetry's conventions name them; any other is called by its plugin. */
const MAKERS: Readonly<Record<string, string>> = { '@kav/plugin-openai': 'openai' }

/** What the pipeline's file says of its models, by the names that they have in events. */
export function tracedModels(
  { stages }: Pick<LoadedPipeline, 'stages'>,
  providers: Pick<Providers, 'llm' | 'realtime'>,
): TracedModels {
  const named = stages.llm.map((stage, index) => [stage, providers.llm[index]?.name] as const)
  const realtime = stages.realtime ? [[stages.realtime, providers.realtime?.name] as const] : []
  const known = [...named, ...realtime].flatMap(([stage, name]) => {
    if (name === undefined) return []
    const { model } = stage.params
    const maker = MAKERS[stage.package] ?? stage.plugin.name
    return [[name, { maker, ...(typeof model === 'string' && { model }) }] as const]
  })
  return Object.fromEntries(known)
}
