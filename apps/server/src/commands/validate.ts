import { formatProblems, loadPipeline } from '@kav/core/host'
import type { Environment } from '../environment.ts'
import { DEFAULT_VAD } from '../open-pipeline.ts'
import { RESERVED_PATHS } from '../own-paths.ts'
import { createServerLoader } from '../plugins.ts'

/** `kav validate`: every problem of every file, a line each. Exit code 0 when all are right, 2 otherwise. */
export async function validate(
  files: readonly string[],
  env: Environment,
  print: (line: string) => void,
): Promise<number> {
  const loader = createServerLoader()
  let wrong = 0
  for (const file of files) {
    const result = await loadPipeline(file, {
      env,
      loader,
      files: true,
      reservedPaths: RESERVED_PATHS,
      defaults: { vad: DEFAULT_VAD },
    })
    const problems = result.ok ? result.warnings : result.problems
    if (problems.length > 0) print(formatProblems(problems))
    if (result.ok) print(`${file}: ok${problems.length > 0 ? `, ${problems.length} warning(s)` : ''}`)
    else wrong++
  }
  if (wrong > 0) print(`${wrong} of ${files.length} file(s) cannot be used`)
  return wrong > 0 ? 2 : 0
}
