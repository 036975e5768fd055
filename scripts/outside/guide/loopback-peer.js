import assert from 'node:assert/strict'
import { openLoopbackServer } from '@kav/core/testing'
import { WebSocket } from 'ws'

const server = await openLoopbackServer()
server.onSocket('/listen', (upgrade) => upgrade.accept())
const client = new WebSocket(`${server.wsUrl}/listen`)
const heard = new Promise((resolve) => client.once('message', (data) => resolve(String(data))))
await server.peer(0)

// BLOCK

assert.equal(await heard, '{"garbage')
client.terminate()
await server.close()
