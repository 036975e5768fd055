export type { HeardConnection, HeardTurn } from './heard-connection.ts'
export { FRAME_BYTES, numberedFrame, numberedFrames, readFrame, type HeardFrame } from './numbered-frames.ts'
export type { RecognitionScript, RecognitionStatus, ScriptedResult } from './recognition-script.ts'
export { openSpeechServer, type SpeechServer, type SpeechServerOptions } from './speech-server.ts'
