import { formatProblems, type LoadedPipeline, loadPipelineText } from '@kav/core/host'
import { tryPipeline } from '../check/try-pipeline.ts'
import type { Environment } from '../environment.ts'
import { loadOptions } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { askingContext } from './plugins.ts'
import { linesTogether } from '../service/lines-together.ts'
import type { StrayFaults } from '../process/stray-faults.ts'
import { readSources } from '../service/pipeline-files.ts'
import { togetherProblems } from '../service/together.ts'

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
    const { refused, odd } = await tryPipeline(pipeline, asking, loader.known, strays)
    const problems = [...warnings, ...odd, ...refused]
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
