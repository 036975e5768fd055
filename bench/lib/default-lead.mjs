import { PipelineSchema } from '../../packages/core/dist/config/schema/pipeline.js'

/** What a pipeline without a word about it is given: the schema says it. */
export const DEFAULT_LEAD_MS = PipelineSchema.properties['tx-queue'].properties.LEAD_MS.default
