// What this machine lets any Node process do at this moment: a pacer that does nothing but send one ready-made frame
// to each socket every 20 ms, by an absolute 5 ms grid with one self-correcting timer.

import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { serveCommands } from '../lib/server-commands.mjs'

const TICK_MS = 5
const SLOTS = 4
const payload = Buffer.alloc(160, 0x10).toString('base64')
const frame = Buffer.from(JSON.stringify({ event: 'media', streamSid: 'MZ', media: { payload } }))
const slots = Array.from({ length: SLOTS }, () => new Set())
const originMs = performance.now()
let tick = 0

function schedule() {
  setTimeout(run, originMs + (tick + 1) * TICK_MS - performance.now())
}

function run() {
  const due = Math.floor((performance.now() - originMs) / TICK_MS)
  while (tick < due) {
    tick++
    for (const socket of slots[tick % SLOTS]) socket.send(frame, { binary: false })
  }
  schedule()
}

const http = createServer()
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false, clientTracking: false })
let joined = 0
sockets.on('connection', (socket) => {
  const slot = slots[joined++ % SLOTS]
  slot.add(socket)
  socket.on('message', () => undefined)
  socket.on('error', () => socket.terminate())
  socket.on('close', () => slot.delete(socket))
})
http.listen(0, '127.0.0.1', () => {
  schedule()
  process.send({ id: 0, value: { streamUrl: `ws://127.0.0.1:${http.address().port}/` } })
})
serveCommands({})
