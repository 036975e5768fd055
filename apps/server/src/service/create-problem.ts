import { isKavError, type KavError } from '@kav/core'
import { formatProblems, type LoadedPipeline, type Problem } from '@kav/core/host'
import { PipelineProblems } from '../open-pipeline.ts'

/** A provider that could not be made, at the line of the file that names its plugin. */
export function createProblem(pipeline: LoadedPipeline, { code, message, details }: KavError): Problem {
  const path = Array.isArray(details['path']) ? (details['path'] as (string | number)[]) : []
  // The path says which stage it is.
  const told = message.replace(`${String(details['stage'])}: `, '')
  return pipeline.problemAt([...path, 'plugin'], told, code === 'KAV_PLUGIN_CREATE' ? code : undefined)
}

/** What kept a pipeline from being started: with its line where it is a provider that could not be made. */
export function whyNotStarted(pipeline: LoadedPipeline, thrown: unknown): unknown {
  if (!isKavError(thrown) || thrown.code !== 'KAV_PLUGIN_CREATE') return thrown
  return new PipelineProblems(formatProblems([createProblem(pipeline, thrown)]), [], { cause: thrown })
}
