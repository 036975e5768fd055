import type {
  CallSettings,
  CallStages,
  LoadedPipeline,
  Providers,
  Redaction,
  SpeechCache,
} from '@kav/core/host'
import { type CallDesk, type CallDeskOptions, createCallDesk } from '../calls/call-desk.ts'
import { createCallKeeper } from '../calls/call-keeper.ts'
import { factsOfPipeline } from '../calls/facts-of-pipeline.ts'
import type { PipelineHooks } from '../hooks/pipeline-hooks.ts'
import type { PipelineFigures } from '../metrics.ts'
import { openCallRecording } from '../open-call-recording.ts'
import type { Uploads } from '../recording/uploads.ts'
import type { CallTraces } from '../traces/call-traces.ts'
import { tracedModels } from '../traces/traced-models.ts'
import type { ServiceParts } from './service-parts.ts'

type DeskParts = ServiceParts & { readonly pipeline: LoadedPipeline }

/** What takes the calls of a pipeline, with all that is kept and told of them. */
export function openDesk(
  options: DeskParts,
  parts: {
    settings: CallSettings
    stages: CallStages
    speechCache: SpeechCache
    figures: PipelineFigures
    redaction: Redaction | undefined
    uploads: Uploads | undefined
    hooks: PipelineHooks
  },
  providers: Providers,
): CallDesk {
  const { frameClock, storage, clock, log, traces, onEvent, onRecord, onStored, live } = options
  const { config, stages } = options.pipeline
  const { record, name } = config
  const { figures, hooks, ...desk } = parts
  const { metrics } = figures
  return createCallDesk({
    ...desk,
    frameClock,
    metrics,
    tracedMetrics: figures.ofTrace,
    pipelineName: name,
    transportName: stages.transport.plugin.name,
    keeper: createCallKeeper({
      dir: record.dir,
      pipelineName: name,
      facts: factsOfPipeline(options.pipeline, providers, options.node),
      kept: { transcript: record.transcript, callRecord: record.call_record },
      redacted: parts.redaction !== undefined,
      uploads: parts.uploads,
      openRecording: record.audio
        ? (call) => openCallRecording({ ...call, kept: record.format, storage, clock, metrics })
        : undefined,
      storage,
      clock,
      metrics,
      tellEnded: hooks.afterCall?.tell,
      onRecord,
      onStored: stages.store && onStored && ((call) => onStored(name, call)),
    }),
    clock,
    log,
    trace: traces && callTracer(traces, options, providers),
    onEvent,
    live,
    version: options.pipeline.version,
  })
}

/** Begins the trace of a call as it comes. */
function callTracer(
  traces: CallTraces,
  { pipeline, clock }: DeskParts,
  providers: Providers,
): CallDeskOptions['trace'] {
  const models = tracedModels(pipeline, providers)
  const of = { pipeline: pipeline.config.name, transport: pipeline.stages.transport.plugin.name, models }
  return ({ id, params }) =>
    traces.begin({ ...of, id, startedAtWallMs: clock.wallMs(), traceparent: params['traceparent'] })
}
