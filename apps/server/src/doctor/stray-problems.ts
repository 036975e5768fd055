import type { LoadedPipeline, LoadedStage, Problem } from '@kav/core/host'
import { Redactor, secretsOf } from '@kav/core/kit'
import { stagesOf } from './stages-of.ts'
import type { StrayFault, StrayFaults } from '../process/stray-faults.ts'

/**
 * Errors of this pipeline's plugins that nobody caught, at the lines of the file that name them. Those of plugins that
 * are not `known` get some time to come.
 */
export async function strayProblems(
  pipeline: LoadedPipeline,
  known: readonly string[],
  strays: StrayFaults,
): Promise<readonly Problem[]> {
  const stages = stagesOf(pipeline.stages).map(({ stage }) => stage)
  if (stages.some((stage) => !known.includes(stage.package))) await strays.settled()
  return stages.flatMap((stage) => [
    ...problemsOf(pipeline, stage, strays.ofImport(stage.package, pipeline.baseDir), {
      code: 'KAV_PLUGIN_IMPORT',
      how: 'while it was imported, ',
      fix: 'importing a plugin must do nothing: begin what can fail in warm, and await it there',
    }),
    ...problemsOf(pipeline, stage, strays.ofStage(stage), {
      code: 'KAV_PLUGIN_CREATE',
      how: 'once its provider was made, ',
      fix: 'catch it there; what can fail belongs in warm, which is awaited',
    }),
  ])
}

function problemsOf(
  pipeline: LoadedPipeline,
  { path, package: name, params }: LoadedStage,
  faults: readonly StrayFault[],
  { code, how, fix }: { code: 'KAV_PLUGIN_IMPORT' | 'KAV_PLUGIN_CREATE'; how: string; fix: string },
): readonly Problem[] {
  const redactor = new Redactor()
  for (const secret of secretsOf(params).texts) redactor.add(secret)
  // A provider is made twice while it is tried.
  const told = new Set(faults.map(({ message }) => `plugin "${name}": ${how}${message}; ${fix}`))
  return [...told].map((message) => pipeline.problemAt([...path, 'plugin'], redactor.clean(message), code))
}
