import type { PluginContext } from '@kav/core'
import {
  createProviders,
  deafRecognisers,
  denoiseFaults,
  type LoadedPipeline,
  type Problem,
  type ProviderDoubt,
  providerDoubts,
  tryProviders,
} from '@kav/core/host'
import { settleWithin } from '@kav/core/kit'
import { strayProblems } from '../doctor/stray-problems.ts'
import type { StrayFaults } from '../process/stray-faults.ts'
import { createProblem } from '../service/create-problem.ts'

/** By then it is not going to close. */
const CLOSE_LIMIT_MS = 1_000

/** Refusals are what `kav serve` would end with. */
export interface TriedPipeline {
  readonly refused: readonly Problem[]
  readonly odd: readonly Problem[]
}

/**
 * What comes of making every provider of a pipeline, and of asking them of it. Errors that nobody caught are refusals,
 * too; those of plugins that are not `known` get some time to come.
 */
export async function tryPipeline(
  pipeline: LoadedPipeline,
  context: PluginContext,
  known: readonly string[],
  strays?: StrayFaults,
): Promise<TriedPipeline> {
  const asking = { ...context, baseDir: pipeline.baseDir }
  const made = await tried(pipeline, asking)
  const said = made.refused.length === 0 ? await saidOf(pipeline, asking) : { refused: [], odd: [] }
  const stray = strays ? await strayProblems(pipeline, known, strays) : []
  return { refused: [...made.refused, ...said.refused, ...stray], odd: [...made.odd, ...said.odd] }
}

async function tried(pipeline: LoadedPipeline, context: PluginContext): Promise<TriedPipeline> {
  const { refused, doubts } = await tryProviders(pipeline.stages, context)
  return {
    refused: refused.map((error) => createProblem(pipeline, error)),
    odd: doubts.map((doubt) => doubtProblem(pipeline, doubt)),
  }
}

/** What the providers say of the pipeline: they are made, asked and closed. */
async function saidOf(pipeline: LoadedPipeline, context: PluginContext): Promise<TriedPipeline> {
  const providers = await createProviders(pipeline.stages, () => context).catch(() => undefined)
  if (!providers) return { refused: [], odd: [] }
  const odd = providerDoubts(pipeline.config, providers).map((doubt) => doubtProblem(pipeline, doubt))
  const faults = [...deafRecognisers(pipeline, providers), ...denoiseFaults(pipeline.stages, providers)]
  const refused = faults.map((error) => createProblem(pipeline, error))
  // One that does not settle has been told of already.
  await settleWithin(context.clock, CLOSE_LIMIT_MS, providers.close())
  return { refused, odd }
}

function doubtProblem(pipeline: LoadedPipeline, { path, message }: ProviderDoubt): Problem {
  return { ...pipeline.problemAt(path, message), code: 'KAV_CONFIG_DOUBT', severity: 'warning' }
}
