import type { LoadPipelineOptions, LoadPipelineResult } from './loaded-pipeline.ts'
import { type FileText, readFileText } from './source/read-file.ts'

/**
 * Reads one pipeline file and checks all of it: the text, the fields, the environment, the plugins and their params.
 * Tells every problem at once. Never throws for what is written in a file; imports plugins but makes no provider.
 */
export async function loadPipeline(file: string, options: LoadPipelineOptions): Promise<LoadPipelineResult> {
  return loadPipelineText(file, await readPipelineText(file), options)
}

/** The text of a pipeline file, or why there is none. Never throws. */
export const readPipelineText: (file: string) => Promise<FileText> = readFileText

/** The same for a text that was read before; `file` gives the name and the place that relative paths start from. */
export async function loadPipelineText(
  file: string,
  text: FileText,
  options: LoadPipelineOptions,
): Promise<LoadPipelineResult> {
  // The YAML and JSON Schema readers are imported only when used.
  const { checkPipelineText } = await import('./check-pipeline.ts')
  return checkPipelineText(file, text, options)
}
