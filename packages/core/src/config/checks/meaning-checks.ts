import type { LoadedStage } from '../../plugins/index.ts'
import { choiceParams } from './choice-params.ts'
import { cutTextWarnings } from './cut-texts.ts'
import { hookWarnings } from './hook-checks.ts'
import { historyWarnings } from './history-checks.ts'
import { languageWarnings } from './language-checks.ts'
import { formatPath, type Path } from '../source/problem.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { secretWarnings } from './secret-checks.ts'
import { sloWarnings } from './slo-checks.ts'
import { isBroken, type SourceNode } from '../source/source-tree.ts'
import { timingWarnings } from './timing-checks.ts'
import { listOf, mapOf } from '../source/value-shapes.ts'
import { turnWarnings } from './turn-checks.ts'
import { unusedSettings } from './unused-settings.ts'
import { uploadWarnings } from './upload-checks.ts'
import { variableWarnings } from './variable-checks.ts'

/** A stage and where it stands in the file. */
export interface PlacedStage {
  readonly path: Path
  readonly stage: LoadedStage
}

/**
 * What is legal and will fail on the call, or not do what it seems to. `written` is the file as it is, `config` the
 * same with the defaults of its schema, `stages` those whose params are right.
 */
export function meaningWarnings(
  written: unknown,
  config: unknown,
  stages: readonly PlacedStage[],
  source: SourceNode,
): readonly Finding[] {
  const byPath = new Map(stages.map(({ path, stage }) => [formatPath(path), stage]))
  return [
    ...languageWarnings(config, (path) => byPath.get(formatPath(path))?.params, source),
    ...variableWarnings(
      config,
      { given: valuesOf(byPath.get('transport')), hooked: hookedNames(config) },
      source,
    ),
    ...timingWarnings(config, source),
    ...turnWarnings(config),
    ...unusedSettings(config, source),
    ...uploadWarnings(config),
    ...hookWarnings(config),
    ...historyWarnings(
      config,
      stages.map(({ stage }) => stage),
    ),
    ...sloWarnings(config, source),
    ...secretWarnings(written, source, choiceParams(stages)),
    ...cutTextWarnings(written, source),
  ].filter(({ path }) => !isBroken(source, path))
}

/** Paths that the host answers itself. */
export function reservedPathFaults(written: unknown, reserved: readonly string[]): readonly Finding[] {
  const params = mapOf(mapOf(mapOf(written)?.['transport'])?.['params']) ?? {}
  return Object.entries(params).flatMap(([name, value]) => {
    if (!name.endsWith('_path') || typeof value !== 'string' || !reserved.includes(value)) return []
    const message = `"${value}" is answered by the server itself; choose another path`
    return [{ code: 'KAV_CONFIG_VALUE', path: ['transport', 'params', name], at: 'value', message } as const]
  })
}

/** What `before_call` may give. */
function hookedNames(config: unknown): readonly string[] {
  const hook = mapOf(mapOf(mapOf(config)?.['hooks'])?.['before_call'])
  return listOf(hook?.['values']).filter((name) => typeof name === 'string')
}

/** The names a transport's calls have values for; `undefined` when it does not say, or says no list, or fails at it. */
function valuesOf(transport: LoadedStage | undefined): readonly string[] | undefined {
  try {
    const names: unknown = transport?.plugin.callValues?.(transport.params)
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : undefined
  } catch {
    return undefined
  }
}
