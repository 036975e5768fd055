import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type FileText,
  formatProblems,
  type LoadedPipeline,
  loadPipelineText,
  type PluginLoader,
  readPipelineText,
} from '@kav/core/host'
import type { Environment } from '../environment.ts'
import { loadOptions, PipelineProblems } from '../open-pipeline.ts'
import { hidePipeline } from '../privacy/secrets.ts'
import { togetherProblems } from './together.ts'

/** A pipeline file as it was read: what a process answers with is decided by texts, not by when it looked. */
export interface PipelineSource {
  readonly file: string
  readonly text: FileText
}

/** The pipelines of one service, checked, each and together. */
export interface CheckedService {
  readonly loaded: readonly LoadedPipeline[]
  /** A line each. */
  readonly warnings: readonly string[]
}

/** Absolute paths of what the pipelines name, each once. */
export function filesNamed({ loaded }: CheckedService): readonly string[] {
  return [...new Set(loaded.flatMap(({ files }) => files.map(({ path }) => path)))]
}

/** Reads files; of a folder, the `.yaml` and `.yml` files right in it. Throws `PipelineProblems` for an empty folder. */
export async function readSources(paths: readonly string[]): Promise<readonly PipelineSource[]> {
  const files = (await Promise.all(paths.map(filesAt))).flat()
  const once = [...new Set(files)]
  return await Promise.all(once.map(async (file) => ({ file, text: await readPipelineText(file) })))
}

async function filesAt(path: string): Promise<readonly string[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) return [path]
  const names = (await readdir(path)).filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith('.'))
  if (names.length === 0) throw new PipelineProblems(`${path}: there is no pipeline (*.yaml) in this folder`)
  return names.sort().map((name) => join(path, name))
}

/** Throws `PipelineProblems` with every problem of every file. */
export async function checkSources(
  sources: readonly PipelineSource[],
  env: Environment,
  loader: PluginLoader,
): Promise<CheckedService> {
  const results = await Promise.all(
    sources.map(({ file, text }) =>
      loadPipelineText(file, text, { ...loadOptions(env, loader), files: true }),
    ),
  )
  const problems = results.flatMap((result) => (result.ok ? [] : result.problems))
  const loaded = results.flatMap((result) => (result.ok ? [result.pipeline] : []))
  for (const pipeline of loaded) await hidePipeline(pipeline)
  const all = [...problems, ...togetherProblems(loaded)]
  const files = results.flatMap((result) => (result.ok ? result.pipeline : result).files)
  if (all.length > 0)
    throw new PipelineProblems(
      formatProblems(all),
      files.map(({ path }) => path),
    )
  const warnings = results.flatMap((result) => (result.ok ? result.warnings : []))
  return {
    loaded,
    warnings: formatProblems(warnings)
      .split('\n')
      .filter((line) => line !== ''),
  }
}
