export { spokenAudio, textOfSsml } from './spoken-audio.ts'
export type { HeardConnection, HeardUtterance, VoiceScript } from './voice-script.ts'
export { openVoiceServer, type VoiceServer, type VoiceServerOptions } from './voice-server.ts'
