/**
 * What a plugin author needs: the contract of each kind, `definePlugin`, errors, and audio formats with their
 * conversions. Each name is listed: a new one is a promise, and shows in `api/index.api.md`.
 */
export { definePlugin } from './contracts/plugin.ts'
/** Params are stated with it; from here, so that a plugin needs no second install. */
export { type Static, type TObject, type TSchema, Type } from '@sinclair/typebox'
export type {
  AnyPlugin,
  LiveFinding,
  ParamWarning,
  Plugin,
  PluginContext,
  PluginKind,
  ProviderByKind,
} from './contracts/plugin.ts'
export type { Clock } from './contracts/clock.ts'
export type { LogFields, Logger } from './contracts/logger.ts'
export type { Metrics } from './contracts/metrics.ts'
export type { RecordingPlace } from './contracts/recording-place.ts'
export {
  asProviderError,
  isKavError,
  isProviderError,
  KavError,
  messageOf,
  ProviderError,
  type ProviderErrorClass,
} from './contracts/errors.ts'

// Who runs which call in a fleet.
export {
  type Awaitable,
  type CallDirectory,
  type CommandFault,
  type CommandHandler,
  type CommandOutcome,
  type DirectoryState,
  type FleetCall,
  type FleetCommand,
  type FleetEvent,
  type FleetLimits,
  type FleetNotice,
  type FleetPlace,
  type FleetRefusal,
  MAX_ONCE_MS,
  type FleetCallOffer,
  type Pace,
  type PaceAnswer,
} from './contracts/call-directory.ts'

// One contract for each kind.
export type {
  BrowserCaller,
  BrowserCalls,
  BrowserOffer,
  CallPlace,
  CallRefusal,
  OfferedCall,
  OutboundCall,
  Placing,
  HangUpReason,
  HttpRequest,
  HttpResponse,
  InsteadOfCall,
  RefusalReason,
  RouteOptions,
  TransportCall,
  TransportCallHandlers,
  TransportHost,
  TransportProvider,
  UnreachedCall,
  UnreachedReason,
} from './contracts/transport.ts'
export type { DoubleCaller, DoubleLine, TransportDouble } from './contracts/transport-double.ts'
export type {
  SttEvent,
  SttHintCaps,
  SttProvider,
  SttSession,
  SttSessionOptions,
  SttWord,
} from './contracts/stt.ts'
export type {
  LlmAssistantMessage,
  LlmEvent,
  LlmMessage,
  LlmOpaque,
  LlmProvider,
  LlmRequest,
  LlmSummaryRequest,
  LlmTool,
  LlmToolCall,
  LlmUsage,
} from './contracts/llm.ts'
export type { TtsProvider, TtsRequest, TtsUsage, TtsWordTime } from './contracts/tts.ts'
export type {
  HeardAudio,
  RealtimeEvent,
  RealtimeProvider,
  RealtimeSession,
  RealtimeSessionOptions,
} from './contracts/realtime.ts'
export type { DenoiseProvider, DenoiseSession } from './contracts/denoise.ts'
export type { TurnProvider, TurnQuestion } from './contracts/turn.ts'
export type {
  CallCount,
  CallPage,
  CallPageRequest,
  CallQuery,
  CallStore,
  CallSummary,
  ErasedCall,
  ErasedPart,
  StoredCall,
  StoredFacts,
  StoredLine,
  StoredState,
  StoredWords,
} from './contracts/call-store.ts'
export type { VadProvider, VadStream } from './contracts/vad.ts'
export type { CodeTool, ToolContext, ToolProvider } from './contracts/tool.ts'

// Audio: formats, and what turns one into another.
export {
  type AudioFormat,
  bytesPerSecond,
  durationMs,
  formatName,
  FRAME_MS,
  frameBytes,
  MULAW_8K,
  MULAW_SILENCE,
  sameFormat,
} from './contracts/audio.ts'
export { type Converter, createConverter } from './audio/convert.ts'
export {
  ALAW_TO_LINEAR,
  decodeAlaw,
  decodeMulaw,
  encodeAlaw,
  encodeMulaw,
  MULAW_TO_LINEAR,
} from './audio/g711.ts'
export { createResampler, type Resampler } from './audio/resample.ts'
export {
  createWavStripper,
  parseWavHeader,
  readWav,
  type WavHeader,
  type WavStripper,
  writeWav,
} from './audio/wav.ts'

/** What text becomes inside SSML, or any other XML. */
export { escapeXml } from './language/escape-xml.ts'
/** Runs tools as a call does, arguments checked: for the test of a `tool` plugin, and for hosts. */
export { createToolKit } from './tools/create-tool-kit.ts'
