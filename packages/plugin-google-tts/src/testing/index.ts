export type { GrpcStatus } from '@kav/google-cloud/testing'
export { MS_PER_CHARACTER, spokenAudio, type Encoding } from './spoken-audio.ts'
export type { HeardSpeech, VoiceScript } from './voice-script.ts'
export { openVoiceServer, type VoiceServer, type VoiceServerOptions } from './voice-server.ts'
