import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  formatProblems,
  type LoadedPipeline,
  loadPipeline,
  type LoadPipelineOptions,
  type PluginLoader,
} from '@kav/core/host'
import type { Environment } from './environment.ts'
import { RESERVED_PATHS } from './own-paths.ts'
import { hidePipeline } from './privacy/secrets.ts'
import { systemClock } from './system-clock.ts'

/** The detector of a pipeline that names none. */
export const DEFAULT_VAD = { plugin: '@kav/plugin-local' }

/** A pipeline file that cannot be used; the message is what the operator reads. */
export class PipelineProblems extends Error {
  override readonly name = 'PipelineProblems'

  /** @param files absolute paths of what the pipelines name: one of them may be what is wrong. */
  constructor(
    message: string,
    readonly files: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

export type OpenedPipeline = { readonly pipeline: LoadedPipeline; readonly warnings: string }

/**
 * Loads and checks a file; `files`: the key files that it names, too. Throws `PipelineProblems` with every problem, a
 * line each.
 */
export async function openPipeline(
  file: string,
  env: Environment,
  loader: PluginLoader,
  { files = false }: { readonly files?: boolean } = {},
): Promise<OpenedPipeline> {
  const result = await loadPipeline(file, { ...loadOptions(env, loader), files })
  if (!result.ok) throw new PipelineProblems(formatProblems(result.problems))
  await hidePipeline(result.pipeline)
  return { pipeline: result.pipeline, warnings: formatProblems(result.warnings) }
}

/** What every command of this process loads pipelines with. */
export function loadOptions(env: Environment, loader: PluginLoader): LoadPipelineOptions {
  return { env, loader, reservedPaths: RESERVED_PATHS, defaults: { vad: DEFAULT_VAD }, clock: systemClock }
}

/** The pipeline that runs with no key and no network: `pipelines/demo.yaml` here, or the one that comes with this package. */
export function defaultPipeline(): string {
  const here = 'pipelines/demo.yaml'
  // From src and from dist alike.
  return existsSync(here) ? here : fileURLToPath(new URL(`../dist/${here}`, import.meta.url))
}
