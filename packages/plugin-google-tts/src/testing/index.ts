export { MS_PER_CHARACTER, spokenAudio, type Encoding } from './spoken-audio.ts'
export type { GrpcStatus, HeardSpeech, VoiceScript } from './voice-script.ts'
export { openVoiceServer, type VoiceServer, type VoiceServerOptions } from './voice-server.ts'
