import { KavError } from '../../contracts/index.ts'
import type { Providers, RunningProvider } from '../../plugins/create-providers.ts'
import type { LoadedStage, LoadedStages } from '../../plugins/loaded-stages.ts'
import type { PipelineConfig } from '../schema/pipeline.ts'

/**
 * Recognisers that hear hints alone, in a pipeline that has none for them: every call would hear nothing. One error
 * each, with code `KAV_PLUGIN_CREATE` and the stage's `path` in its details, as of a provider that cannot be made.
 */
export function deafRecognisers(
  { config, stages }: { readonly config: PipelineConfig; readonly stages: LoadedStages },
  providers: Pick<Providers, 'stt' | 'llm' | 'languages'>,
): readonly KavError[] {
  const hints = [
    ...config.conversation.hints,
    ...providers.llm.flatMap(({ provider }) => provider.hints ?? []),
  ]
  if (hints.some((hint) => hint.trim() !== '')) return []
  const ofLanguages = [...providers.languages].map(
    ([tag, { stt }]) => [stt, stages.languages.get(tag)?.stt] as const,
  )
  return [...providers.stt.map((one, index) => [one, stages.stt[index]] as const), ...ofLanguages].flatMap(
    ([running, stage]) => (running?.provider.needsHints && stage ? [deaf(running, stage)] : []),
  )
}

function deaf({ name }: RunningProvider<'stt'>, stage: LoadedStage<'stt'>): KavError {
  const message = `stt: plugin "${name}" (${stage.package}) hears only phrases it is given, and nothing here gives it any: list what callers say under conversation.hints, take an llm that knows its phrases (a scripted one), or take an stt that hears anything`
  const details = { stage: 'stt', plugin: name, package: stage.package, path: stage.path }
  return new KavError('KAV_PLUGIN_CREATE', message, { details })
}
