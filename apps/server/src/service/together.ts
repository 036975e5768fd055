import type { LoadedPipeline, Problem } from '@kav/core/host'
import { type Line, lineKey } from './line.ts'
import { calledOf, numberProblems } from './number-plan.ts'

/** Why pipelines, each of them right, cannot be served together; what shows without making anything of them. */
export function togetherProblems(pipelines: readonly LoadedPipeline[]): readonly Problem[] {
  return [...nameProblems(pipelines), ...[...byLine(pipelines).values()].flatMap(numberProblems)]
}

/** The pipelines of each line, by its key, in their order. */
export function byLine(pipelines: readonly LoadedPipeline[]): ReadonlyMap<string, readonly LoadedPipeline[]> {
  const lines = new Map<string, LoadedPipeline[]>()
  for (const pipeline of pipelines) {
    const key = lineKey(pipeline)
    lines.set(key, [...(lines.get(key) ?? []), pipeline])
  }
  return lines
}

/** The name stands in figures and names of files. */
function nameProblems(pipelines: readonly LoadedPipeline[]): readonly Problem[] {
  return pipelines.flatMap((pipeline, index) => {
    const { name } = pipeline.config
    const same = pipelines.slice(0, index).find(({ config }) => config.name === name)
    if (same === undefined) return []
    return [pipeline.problemAt(['name'], `${calledOf(same)} has this name already; give each its own`)]
  })
}

/** Lines that answer the same paths: the carrier could not say which it means. Each by the first file it is of. */
export function pathProblems(
  lines: readonly (readonly [LoadedPipeline, Pick<Line, 'table'>])[],
): readonly Problem[] {
  return lines.flatMap(([pipeline, { table }], index) =>
    lines.slice(0, index).flatMap(([other, line]) => {
      const paths = table.overlapsWith(line.table)
      if (paths.length === 0) return []
      const message = `${paths.join(', ')}: answered by ${calledOf(other)}, whose transport has other params: give one of them other paths, or both the same transport and each its numbers`
      return [pipeline.problemAt(['transport'], message)]
    }),
  )
}
