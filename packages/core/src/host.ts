/**
 * What a server needs to run pipelines: a file becomes a checked configuration, names become running providers, a
 * call is started on them, and what happened is told. Each name is listed and shows in `api/host.api.md`.
 */

// A pipeline file, checked.
export { loadPipeline, loadPipelineText, readPipelineText } from './config/load-pipeline.ts'
export type { FileText } from './config/source/read-file.ts'
export type {
  DefaultStage,
  LoadedPipeline,
  LoadPipelineFailure,
  LoadPipelineOptions,
  LoadPipelineResult,
  LoadPipelineSuccess,
} from './config/loaded-pipeline.ts'
export type { Environment } from './config/source/env-text.ts'
export { formatPath, formatProblems, type Problem } from './config/source/problem.ts'
export { ERROR_CODES, type ErrorCode, type ErrorEntry } from './errors.ts'
export type { PipelineConfig } from './config/schema/pipeline.ts'
export { secretsOfPipeline } from './config/findings/pipeline-secrets.ts'
export { closedSchema } from './config/findings/closed-schema.ts'
export { type InstalledPlugins, pipelineJsonSchema } from './config/editor-schema.ts'
export { deafRecognisers } from './config/checks/deaf-recognisers.ts'
export { denoiseFaults } from './config/checks/denoise-faults.ts'
export { type ProviderDoubt, providerDoubts } from './config/checks/provider-doubts.ts'
export { toCallPrices } from './config/to-call-prices.ts'
export { isPeriod, periodMs } from './config/schema/keep.ts'
export { toCallSettings } from './config/to-call-settings.ts'
export { toRedaction } from './config/to-redaction.ts'
export { toToolSettings } from './config/to-tool-settings.ts'

// Plugins, from names to running providers.
export {
  createPluginLoader,
  type PluginLoad,
  type PluginLoader,
  type PluginLoaderOptions,
} from './plugins/plugin-loader.ts'
export { createPackageFinder, type FindPackage, type FoundPackage } from './kit/find-package.ts'
export type { PluginFault } from './plugins/plugin-name.ts'
export type { ModulePlugins } from './plugins/read-module.ts'
export { importFault } from './plugins/import-fault.ts'
export { tryImport } from './plugins/import-trial.ts'
export { paramsDoc } from './plugins/params-doc.ts'
export {
  asPlugin,
  followPlugins,
  placeOfThrown,
  type PluginAtWork,
  pluginAtWork,
} from './plugins/plugin-at-work.ts'
export {
  createProviders,
  createCallStore,
  createTransport,
  type Providers,
  type RunningProvider,
  tryProviders,
} from './plugins/create-providers.ts'
export type { LoadedStage, LoadedStages } from './plugins/loaded-stages.ts'

// One call.
export { MAX_VARIABLE_CHARS } from './language/template.ts'
export { TokenBucket } from './pipeline/token-bucket.ts'
export { startCallSession } from './pipeline/call/call-session.ts'
export type { CallSession, CallSessionParts } from './pipeline/call/call-session-parts.ts'
export type { CallOutcome } from './pipeline/call/call-end.ts'
export type { CallControl, CallLook } from './pipeline/call/call-control.ts'
export type { OperatorAction, OperatorAnswer, OperatorRefusal } from './contracts/operator.ts'
export type { CallStages } from './pipeline/call/call-conversation.ts'
export type { CallSettings } from './pipeline/call-settings.ts'
export type { CallTap } from './pipeline/call-tap.ts'
export { createFrameClock, type FrameClock } from './pipeline/frame-clock.ts'
export { type DenoisableProviders, denoisedProviders } from './pipeline/hearing/denoise/denoised-providers.ts'
export { createTurnTap, type TurnTap } from './pipeline/hearing/turn-tap.ts'
export { createVadTap, type VadTap } from './pipeline/hearing/vad-tap.ts'
export type { NamedStt } from './pipeline/hearing/stt-routes.ts'
export type { NamedRealtime } from './pipeline/realtime/realtime-opening.ts'
export { type Background, createBackground } from './pipeline/speaking/background.ts'
export { FIRST_LANGUAGE, type RecordedLine, type RecordedLines } from './pipeline/replying/recorded-line.ts'
export { presynthesize } from './pipeline/replying/presynthesis.ts'
export type { SpeechCache } from './pipeline/replying/speech-cache.ts'
export type { NamedTts } from './pipeline/replying/voice-source.ts'
export {
  createProviderInstance,
  createProviderPool,
  llmProbe,
  type PooledStages,
  type PoolProviders,
  type Probe,
  type ProviderInstance,
  type ProviderPool,
  type ProviderState,
  realtimeProbe,
  sttProbe,
  ttsProbe,
} from './providers/index.ts'
export { fillerTexts, idlePrompts } from './pipeline/call/call-texts.ts'
export { prepareForSpeech, type SpeechTextOptions } from './language/prepare-for-speech.ts'

// What a listener says, told from words that mean something.
export { everyBackchannel } from './language/backchannels.ts'
export { meaningfulWords } from './pipeline/turns/turn-text.ts'

// One process as the whole fleet.
export { createOneNodeDirectory, type OneNodeDirectoryOptions } from './fleet/one-node-directory.ts'

// What the model may do.
export { createToolKit } from './tools/create-tool-kit.ts'
export type { KitToolBox, ToolCall, ToolKit, ToolKitParts } from './tools/tool-kit.ts'
export type { ToolCallScope } from './tools/runnable-tool.ts'
export type { HttpToolSettings, ToolSettings, TransferSettings } from './tools/tool-settings.ts'

export { compileArguments, type CompiledArguments } from './tools/argument-check.ts'
export { createBreaker } from './providers/breaker.ts'

// What happened.
export {
  CALL_EVENTS,
  type CallEvent,
  type CallEventKind,
  type CallEventName,
} from './telemetry/call-events.ts'
export {
  type CallRecord,
  type CallRecorder,
  createCallRecorder,
  type TranscriptLine,
} from './telemetry/call-record.ts'
export { type CallCost, type CallPrices, costOf, type Price } from './telemetry/call-cost.ts'
export type { AnsweringKind, CallFacts } from './telemetry/call-facts.ts'
export type { RecordedStage } from './telemetry/recorded-stages.ts'
export type { RecordedTool } from './telemetry/recorded-tools.ts'
export { type CallTelemetry, createCallTelemetry } from './telemetry/call-telemetry.ts'
export type { Redacted, RedactedEvent } from './telemetry/call-redactor.ts'
export { redactValue, redactWritten } from './redaction/redact-text.ts'
export type { Redaction, FoundPrivate, SaidBefore } from './redaction/redaction.ts'
export type { PrivateSpan, RedactionSettings } from './redaction/redaction-settings.ts'

// Audio as files hold it.
export { createSampleDecoder, createSampleEncoder } from './audio/convert.ts'
export { createReframer } from './audio/reframe.ts'
export { silenceByte } from './audio/reframe.ts'
export { MAX_WAV_DATA_BYTES, parseWavLayout, wavHeader, type WavLayout } from './audio/wav.ts'
