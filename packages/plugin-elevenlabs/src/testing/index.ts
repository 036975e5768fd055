export {
  type ElevenlabsServer,
  type ElevenlabsServerOptions,
  openElevenlabsServer,
} from './elevenlabs-server.ts'
export { scribeListener } from './scribe-listener.ts'
export { type Failure, speakByRequest, speakBySocket, speakWithTimes } from './speakers.ts'
