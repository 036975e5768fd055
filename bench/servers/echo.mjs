// The least a WebSocket server can do with the same traffic: `ws` sends back what it is sent.

import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { processCommands, serveCommands } from '../lib/server-commands.mjs'

const http = createServer()
const sockets = new WebSocketServer({
  server: http,
  perMessageDeflate: false,
  skipUTF8Validation: true,
  clientTracking: false,
})
sockets.on('connection', (socket) => {
  socket.on('message', (data) => socket.send(data, { binary: false }))
  socket.on('error', () => socket.terminate())
})
http.listen(0, '127.0.0.1', () => {
  process.send({ id: 0, value: { streamUrl: `ws://127.0.0.1:${http.address().port}/` } })
})
serveCommands(processCommands())
