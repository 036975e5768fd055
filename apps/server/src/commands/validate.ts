import type { PluginContext } from '@kav/core'
import {
  createProviders,
  deafRecognisers,
  formatProblems,
  type LoadedPipeline,
  loadPipelineText,
  type Problem,
  type ProviderDoubt,
  tryProviders,
  providerDoubts,
} from '@kav/core/host'
import { settleWithin } from '@kav/core/kit'
import type { Environment } from '../environment.ts'
import { loadOptions } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { askingContext } from './plugins.ts'
import { createProblem } from '../service/create-problem.ts'
import { linesTogether } from '../service/lines-together.ts'
import type { StrayFaults } from '../process/stray-faults.ts'
import { readSources } from '../service/pipeline-files.ts'
import { strayProblems } from '../doctor/stray-problems.ts'
import { togetherProblems } from '../service/together.ts'

/** By then it is not going to close. */
const CLOSE_LIMIT_MS = 1_000

/** Refusals are what `kav serve` would end with. */
interface ProvidersSay {
  readonly refused: readonly Problem[]
  readonly odd: readonly Problem[]
}

/** What comes of making every provider. */
async function tried(pipeline: LoadedPipeline, context: PluginContext): Promise<ProvidersSay> {
  const { refused, doubts } = await tryProviders(pipeline.stages, context)
  return {
    refused: refused.map((error) => createProblem(pipeline, error)),
    odd: doubts.map((doubt) => doubtProblem(pipeline, doubt)),
  }
}

function doubtProblem(pipeline: LoadedPipeline, { path, message }: ProviderDoubt): Problem {
  return { ...pipeline.problemAt(path, message), code: 'KAV_CONFIG_DOUBT', severity: 'warning' }
}

/**
 * `kav validate`: every problem of every file, a line each; with `service`, also what keeps them from being served
 * together. Exit code 0 when all are right, 2 otherwise.
 */
export async function validate(
  paths: readonly string[],
  { service = false }: { readonly service?: boolean },
  env: Environment,
  print: (line: string) => void,
  strays?: StrayFaults,
): Promise<number> {
  const loader = createServerLoader()
  const loaded: LoadedPipeline[] = []
  const sources = await readSources(paths)
  const asking = askingContext(process.cwd())
  for (const { file, text } of sources) {
    const result = await loadPipelineText(file, text, { ...loadOptions(env, loader), files: true })
    if (!result.ok) {
      print(formatProblems(result.problems))
      continue
    }
    const { pipeline, warnings } = result
    const context = { ...asking, baseDir: pipeline.baseDir }
    const made = await tried(pipeline, context)
    const said = made.refused.length === 0 ? await saidOf(pipeline, context) : { refused: [], odd: [] }
    const stray = strays ? await strayProblems(pipeline, loader.known, strays) : []
    const refused = [...made.refused, ...said.refused, ...stray]
    const problems = [...warnings, ...made.odd, ...said.odd, ...refused]
    if (problems.length > 0) print(formatProblems(problems))
    if (refused.length > 0) continue
    print(`${file}: ok${problems.length > 0 ? `, ${problems.length} warning(s)` : ''}`)
    loaded.push(pipeline)
  }
  const wrong = sources.length - loaded.length
  if (wrong > 0) print(`${wrong} of ${sources.length} file(s) cannot be used`)
  if (wrong > 0 || !service) return wrong > 0 ? 2 : 0
  const together = [...togetherProblems(loaded), ...(await linesTogether(loaded))]
  if (together.length > 0) print(formatProblems(together))
  else print(`one kav serve can answer with all ${loaded.length} of them`)
  return together.length > 0 ? 2 : 0
}

/** What the providers say of the pipeline: they are made, asked and closed. */
async function saidOf(pipeline: LoadedPipeline, context: PluginContext): Promise<ProvidersSay> {
  const providers = await createProviders(pipeline.stages, () => context).catch(() => undefined)
  if (!providers) return { refused: [], odd: [] }
  const odd = providerDoubts(pipeline.config, providers).map((doubt) => doubtProblem(pipeline, doubt))
  const refused = deafRecognisers(pipeline, providers).map((error) => createProblem(pipeline, error))
  // One that does not settle has been told of already.
  await settleWithin(context.clock, CLOSE_LIMIT_MS, providers.close())
  return { refused, odd }
}
