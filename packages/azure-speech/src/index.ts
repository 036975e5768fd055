export {
  createFaultClassifier,
  scrub,
  type ClassifyFault,
  type ErrorPlace,
  type SdkFault,
} from './azure-errors.ts'
export { checkTokenFile } from './check-token-file.ts'
export { checkAccess } from './live/check-access.ts'
export { type ListedVoice, type ListedVoices, listVoices } from './live/list-voices.ts'
export { type LiveAsk } from './live/live-ask.ts'
export { type LivePlace, placeOfHost, placeOfRegion } from './live/live-place.ts'
export { AS_OF, KNOWN_REGIONS, similarRegion } from './regions.ts'
export { dropSdkSockets } from './sdk-sockets.ts'
export { loadSpeechSdk, type SpeechSdk } from './speech-sdk.ts'
export { ticksToMs } from './ticks.ts'
export { readToken } from './token.ts'
