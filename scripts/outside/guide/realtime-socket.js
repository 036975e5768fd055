import assert from 'node:assert/strict'
import { MULAW_8K } from '@kav/core'
import { openRealtimeSocket } from '@kav/core/kit'
import { openLoopbackServer, testContext } from '@kav/core/testing'

const server = await openLoopbackServer()
let connections = 0
server.onSocket('/talk', (upgrade) => {
  const peer = upgrade.accept()
  connections += 1
  peer.onMessage(({ type }) => {
    if (type === 'start') peer.send({ type: 'ready' })
    if (type === 'say') peer.send({ event: { type: 'reply-started', replyId: 'r1' } })
    if (type === 'say' && connections === 1) peer.cut()
    else if (type === 'say') peer.send({ event: { type: 'reply-ended', replyId: 'r1', reason: 'done' } })
    if (type === 'end') peer.send({ type: 'bye' })
  })
})
const url = `${server.wsUrl}/talk`
const params = { api_key: 'key-4711' }
const faults = { doing: 'Acme talk', secrets: [params.api_key] }
const context = testContext()
const { clock } = context
const { signal } = new AbortController()
const options = {
  callId: 'call-1',
  format: MULAW_8K,
  instructions: '',
  tools: [],
  hints: [],
  history: [],
  signal,
}

// BLOCK

session.say('Welcome.')
const told = []
for await (const event of session.events) {
  told.push(event.reason ?? event.type)
  if (event.reason === 'done') session.finish()
}
assert.deepEqual(told.slice(-2), ['reply-started', 'done'])
assert.ok(told.includes('fault'))
await session.close()
await server.close()
