export { openSocketServer, type SocketServer, type Upgrade } from './socket-server.ts'
export {
  readBinaryMessage,
  readTextMessage,
  writeBinaryMessage,
  writeTextMessage,
  type WireMessage,
} from './wire-message.ts'
