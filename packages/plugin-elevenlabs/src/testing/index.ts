export {
  type ElevenlabsServer,
  type ElevenlabsServerOptions,
  openElevenlabsServer,
} from './elevenlabs-server.ts'
export { scribeListener } from './scribe-listener.ts'
export { speakByRequest, speakBySocket, speakWithTimes } from './speakers.ts'
