export { openSocketServer, type SocketServer, type Upgrade } from './socket-server.ts'
export {
  readBinaryMessage,
  readTextMessage,
  writeBinaryMessage,
  writeTextMessage,
  type WireMessage,
} from './wire-message.ts'
export { openSpeechRestServer, type SpeechRestScript, type SpeechRestServer } from './rest-server.ts'
