import type { LoadedStage } from '../../plugins/index.ts'
import type { Path } from '../source/problem.ts'
import { listOf, mapOf } from '../source/value-shapes.ts'

/**
 * Whether a param of these stages takes only words that its plugin writes out (`stream_token: optional`): what stands
 * there is no secret, whatever it is called.
 */
export function choiceParams(
  stages: readonly { readonly path: Path; readonly stage: LoadedStage }[],
): (path: Path) => boolean {
  const choices = new Set(
    stages.flatMap(({ path, stage }) =>
      Object.entries(mapOf(mapOf(stage.plugin.params)?.['properties']) ?? {})
        .filter(([, schema]) => isChoice(schema))
        .map(([name]) => keyOf([...path, 'params', name])),
    ),
  )
  return (path) => choices.has(keyOf(path))
}

const keyOf = (path: Path): string => JSON.stringify(path)

function isChoice(schema: unknown): boolean {
  const { const: only, enum: some, anyOf, type } = mapOf(schema) ?? {}
  if (only !== undefined || some !== undefined || type === 'boolean') return true
  const branches = listOf(anyOf)
  return branches.length > 0 && branches.every(isChoice)
}
