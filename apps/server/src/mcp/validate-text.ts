import { join, resolve } from 'node:path'
import { formatProblems, loadPipelineText, type PluginLoader, type Problem } from '@kav/core/host'
import { tryPipeline } from '../check/try-pipeline.ts'
import { askingContext } from '../commands/plugins.ts'
import type { Environment } from '../environment.ts'
import { loadOptions, PipelineProblems } from '../open-pipeline.ts'
import { createServerLoader, installedPlugins } from '../plugins.ts'
import type { StrayFaults } from '../process/stray-faults.ts'
import { type PipelineSource, readSources } from '../service/pipeline-files.ts'
import { loadWithStandIns } from '../stand-in-environment.ts'

/** What `validate` of `kav mcp` is asked. */
export interface ValidateAsk {
  /** The YAML itself; or else `path`. */
  readonly text?: string
  readonly path?: string
  /** With text: where its relative paths start. */
  readonly folder?: string
}

export interface ValidateParts {
  readonly env: Environment
  readonly loader: PluginLoader
  readonly strays?: StrayFaults
}

/** What is wrong with pipelines, as `kav validate` tells it, with the codes; variables that are not set apart. */
export async function validateText(
  { text, path, folder = '.' }: ValidateAsk,
  parts: ValidateParts,
): Promise<string> {
  const sources =
    path === undefined
      ? [{ file: join(resolve(folder), 'pipeline.yaml'), text: { ok: true as const, text: text ?? '' } }]
      : await readSources([path])
  const told: string[] = []
  for (const source of sources) told.push(await validateSource(source, parts))
  return told.join('\n\n')
}

async function validateSource(
  { file, text }: PipelineSource,
  { env, loader, strays }: ValidateParts,
): Promise<string> {
  const load = (known: Environment) =>
    loadPipelineText(file, text, { ...loadOptions(known, loader), files: true })
  const result = await load(env)
  if (result.ok) {
    const tried = await tryPipeline(result.pipeline, askingContext('.'), loader.known, strays)
    const told = [...result.warnings, ...tried.odd, ...tried.refused].map(problemLine)
    return (tried.refused.length > 0 ? told : [`${file}: ok`, ...told]).join('\n')
  }
  const unset = result.problems.filter(({ code }) => code === 'KAV_CONFIG_ENV_MISSING')
  const problems = result.problems.filter((problem) => !unset.includes(problem))
  if (problems.length > 0) return [...problems, ...unset].map(problemLine).join('\n')
  // What else is wrong shows once every variable has a value.
  const wrong = await loadWithStandIns(env, load).then(
    () => '',
    (thrown: unknown) => {
      if (thrown instanceof PipelineProblems) return thrown.message
      throw thrown
    },
  )
  return wrong === ''
    ? [`${file}: ok, once these variables are set:`, ...unset.map(problemLine)].join('\n')
    : wrong
}

/**
 * The same in this process, which is long-lived and imports nothing of strangers; `undefined` where a pipeline names a
 * plugin that the server did not come with.
 */
export async function validateHere(ask: ValidateAsk, env: Environment): Promise<string | undefined> {
  const only = installedPlugins().map((name) => ({ name, baseDir: process.cwd() }))
  const own = createServerLoader(undefined, { trial: false, only })
  let isOwn = true
  const loader: PluginLoader = {
    ...own,
    async load(...asked) {
      const loaded = await own.load(...asked)
      if (!loaded.ok && loaded.code === 'KAV_PLUGIN_UNCHECKED') isOwn = false
      return loaded
    },
  }
  const told = await validateText(ask, { env, loader })
  return isOwn ? told : undefined
}

function problemLine(problem: Problem): string {
  return `${formatProblems([problem])} [${problem.code}]`
}
