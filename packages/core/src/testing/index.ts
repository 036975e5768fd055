/**
 * What the tests of a plugin or of a server need: a contract suite for each kind, fakes, a clock that is moved by
 * hand, scripted conversations, and one call on fakes. Each name is listed and shows in `api/testing.api.md`.
 */

// One contract suite for each kind.
export type { ContractCase } from './contracts/common/contract-case.ts'
export type { ContractOptions, StallPlace } from './contracts/common/contract-options.ts'
export type { ReceivedOptions } from './contracts/common/told-options.ts'
export { type ContractPromise, PROMISES, type PromiseKind, type Promises } from './promises/index.ts'
export {
  callDirectoryContract,
  type CallDirectoryContractOptions,
  type DirectoryFleet,
} from './contracts/directory/call-directory-contract.ts'
export { liveCheckContract, type LiveCheckContractOptions } from './contracts/common/live-check-contract.ts'
export { llmContract, type LlmContractOptions } from './contracts/llm/llm-contract.ts'
export { realtimeContract, type RealtimeContractOptions } from './contracts/realtime/realtime-contract.ts'
export { sttContract, type SttContractOptions } from './contracts/stt/stt-contract.ts'
export {
  toolContract,
  type ToolContractCall,
  type ToolContractOptions,
} from './contracts/tool/tool-contract.ts'
export {
  type FarEnd,
  transportContract,
  type TransportContractOptions,
} from './contracts/transport/transport-contract.ts'
export { ttsContract, type TtsContractOptions } from './contracts/tts/tts-contract.ts'
export { callStoreContract, type StoreContractOptions } from './contracts/store/store-contract.ts'
export { exampleCall } from './contracts/store/store-bench.ts'
export { createFakeStore, type FakeStoreContent } from './fakes/fake-store.ts'
export { denoiseContract, type DenoiseContractOptions } from './contracts/denoise/denoise-contract.ts'
export {
  turnContract,
  type TurnContractOptions,
  type TurnExample,
} from './contracts/detectors/turn-contract.ts'
export { vadContract, type VadContractOptions } from './contracts/detectors/vad-contract.ts'

// The suite of a plugin without a test runner, as `kav plugin check` runs it.
export type {
  CaseResult,
  ContractOptionsByKind,
  Figure,
  PluginContract,
  PluginContracts,
  PromiseResult,
  SuiteResult,
} from './conformance/index.ts'
export { casesOf, runConformance } from './conformance/index.ts'

// Fakes that do what their script says.
export { createFakeCall, type FakeCall, type FakeCallOptions, type FakeSent } from './fakes/fake-call.ts'
export {
  createFakeLlm,
  type FakeLlm,
  type FakeLlmRecord,
  type FakeLlmScript,
  type FakeReply,
} from './fakes/fake-llm.ts'
export {
  createFakeRealtime,
  type FakeRealtime,
  type FakeRealtimeReply,
  type FakeRealtimeScript,
  type FakeRealtimeSession,
} from './fakes/fake-realtime.ts'
export { fakeSpeech, fakeWavHeader } from './fakes/fake-speech.ts'
export {
  createFakeSttSession,
  type FakeSttSaying,
  type FakeSttSession,
  type FakeSttSessionScript,
} from './fakes/fake-stt-session.ts'
export { createFakeStt, type FakeStt, type FakeSttOpening, type FakeSttScript } from './fakes/fake-stt.ts'
export { createFakeTransport, type FakeTransport } from './fakes/fake-transport.ts'
export {
  createFakeTts,
  type FakeTts,
  type FakeTtsOptions,
  type FakeTtsRecord,
  type FakeTtsStream,
  type FakeVoice,
} from './fakes/fake-tts.ts'
export {
  createFakeDenoise,
  type FakeDenoise,
  type FakeDenoiseOptions,
  type FakeDenoiseSession,
} from './fakes/fake-denoise.ts'
export {
  createFakeTurn,
  type FakeTurn,
  type FakeTurnOptions,
  type FakeTurnRecord,
} from './fakes/fake-turn.ts'
export { createFakeVad, type FakeVad, type FakeVadOptions, type FakeVadStream } from './fakes/fake-vad.ts'

// The context a plugin is lent, and time.
export { createFakeClock, type FakeClock } from './fake-clock.ts'
export { liveContext } from './live-context.ts'
export { createRealClock, testContext, type TestContext } from './test-context.ts'
export { createTestLogger, type TestLogEntry, type TestLogger } from './test-logger.ts'
export { createTestMetrics, type TestMetric, type TestMetrics } from './test-metrics.ts'
export { testParams } from './test-params.ts'
export { oddVersionsOf } from './odd-versions.ts'

// Scripted conversations, as `kav test` plays them.
export { openFakeStage } from './conversation/fake-stage.ts'
export { loadConversationScript, ScriptProblems } from './conversation/load-script.ts'
export { runConversationScript, type ScriptResult } from './conversation/run-script.ts'
export { scriptPipeline } from './conversation/script-pipeline.ts'
export type { ConversationScript } from './conversation/script-schema.ts'
export type { ConversationStage } from './conversation/stage.ts'
export type { CallerSaying, ConversationStep } from './conversation/step-schema.ts'

// One call on fakes.
export {
  callerFrame,
  type CallHost,
  type CallRigOptions,
  createCallHost,
  createCallRig,
  frameIndex,
  frameIndexes,
  RIG_SETTINGS,
} from './call-rig.ts'

// For doubles and measurements of providers.
export {
  type HttpExchange,
  type HttpScript,
  type LoopbackRequest,
  readHttpExchange,
} from './loopback/http-exchange.ts'
export type { LoopbackPeer } from './loopback/loopback-peer.ts'
export {
  type LoopbackServer,
  type LoopbackUpgrade,
  openLoopbackServer,
  type SocketScript,
} from './loopback/loopback-server.ts'
export { collect, collectToError, rejection } from './read-out.ts'
export { testInstances, testStages } from './test-instances.ts'
export { createVoicedWords, type VoicedWords, type VoicedWordsOptions } from './loopback/voiced-words.ts'
export { type ChangeWatch, createChangeWatch } from './change-watch.ts'
export { timeRecognition } from './time-recognition.ts'
export { timeSpeech } from './time-speech.ts'
