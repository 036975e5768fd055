export { type DeepgramServer, type DeepgramServerOptions, openDeepgramServer } from './deepgram-server.ts'
export { fluxListener, novaListener, results, transcript, turnInfo } from './listeners.ts'
export { type Failure, speakByRequest, speakBySocket } from './speakers.ts'
