import type { LoadPipelineOptions, LoadPipelineResult } from './loaded-pipeline.ts'

/**
 * Reads one pipeline file and checks all of it: the text, the fields, the environment, the plugins and their params.
 * Tells every problem at once. Never throws for what is written in a file; imports plugins but makes no provider.
 */
export async function loadPipeline(file: string, options: LoadPipelineOptions): Promise<LoadPipelineResult> {
  const { checkPipeline } = await import('./check-pipeline.ts')
  return checkPipeline(file, options)
}
