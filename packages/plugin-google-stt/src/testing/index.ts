export type { GrpcStatus } from '@kav/google-cloud/testing'
export type { HeardStream } from './heard-stream.ts'
export { FRAME_BYTES, numberedFrame, numberedFrames, readFrame } from './numbered-frames.ts'
export {
  openSpeechServer,
  type HeardRequest,
  type ScriptedLocation,
  type SpeechServer,
  type SpeechServerOptions,
  type StreamInfo,
} from './speech-server.ts'
export { openStallingProxy, type StallingProxy } from './stalling-proxy.ts'
export type { ScriptedResult, StreamScript } from './stream-script.ts'
