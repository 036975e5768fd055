export { refreshConfigurationDoc } from './configuration-doc.ts'
export { pipelineJsonSchema, type InstalledPlugins } from './editor-schema.ts'
export type { Environment } from './source/env-text.ts'
export type {
  DefaultStage,
  LoadedPipeline,
  LoadPipelineFailure,
  LoadPipelineOptions,
  LoadPipelineResult,
  LoadPipelineSuccess,
} from './loaded-pipeline.ts'
export { loadPipeline } from './load-pipeline.ts'
export { formatProblems, type Problem } from './source/problem.ts'
export { PipelineSchema, type PipelineConfig } from './schema/pipeline.ts'
export { toCallSettings } from './to-call-settings.ts'
export { toToolSettings } from './to-tool-settings.ts'
