import assert from 'node:assert/strict'
import { openSttSocket } from '@kav/core/kit'
import { openLoopbackServer, testContext } from '@kav/core/testing'

const server = await openLoopbackServer()
server.onSocket('/listen', (upgrade) => {
  const peer = upgrade.accept()
  peer.onMessage(({ type }) => {
    if (type !== 'end') return
    peer.send({ text: 'hello', final: true })
    peer.send({ type: 'bye', text: 'bye', final: true })
  })
})
const url = `${server.wsUrl}/listen`
const params = { api_key: 'key-4711' }
const faults = { doing: 'Acme recognition', secrets: [params.api_key] }
const context = testContext()
const { clock } = context
const options = { callId: 'call-1', signal: new AbortController().signal }

// BLOCK

session.write(new Uint8Array(160))
session.finish()
const texts = []
for await (const event of session.events) if (event.type === 'final') texts.push(event.text)
assert.deepEqual(texts, ['hello', 'bye'])
await session.close()
await server.close()
