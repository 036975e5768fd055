import { type LoadedPipeline, type LoadPipelineResult, formatProblems } from '@kav/core/host'
import type { Environment } from './environment.ts'
import { PipelineProblems } from './open-pipeline.ts'

/** Texts that stand for a variable that is not set, until one fits where the file uses it. */
const STAND_INS = ['unset', 'https://unset.example.com', 'AC00000000000000000000000000000000', '1', 'true']

/**
 * Loads a pipeline of which nothing will be reached: a variable that is not set gets a value that fits. Throws
 * `PipelineProblems` for what is wrong all the same.
 */
export async function loadWithStandIns(
  known: Environment,
  load: (env: Environment) => Promise<LoadPipelineResult>,
): Promise<LoadedPipeline> {
  /** Which stand-in each variable that is not set has. */
  const tried = new Map<string, number>()
  for (;;) {
    const standIns = [...tried].map(([name, index]) => [name, STAND_INS[index]] as const)
    const result = await load({ ...known, ...Object.fromEntries(standIns) })
    if (result.ok) return result.pipeline
    const unfit = new Set(
      result.problems
        .flatMap(({ message }) => [...message.matchAll(/(?:environment variable |\$\{)(\w+)/g)])
        .map((match) => match[1]!)
        .filter((name) => !known[name]),
    )
    const next = [...unfit].filter((name) => (tried.get(name) ?? -1) + 1 < STAND_INS.length)
    if (next.length === 0) throw new PipelineProblems(formatProblems(result.problems))
    for (const name of next) tried.set(name, (tried.get(name) ?? -1) + 1)
  }
}
