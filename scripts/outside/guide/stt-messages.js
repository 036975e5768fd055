import assert from 'node:assert/strict'
import { faultOf, given, jsonMessage, offsetMs, openSttSocket } from '@kav/core/kit'
import { openLoopbackServer, testContext } from '@kav/core/testing'

const server = await openLoopbackServer()
server.onSocket('/listen', (upgrade) => {
  const peer = upgrade.accept()
  const lines = (...all) => peer.sendRaw(Buffer.from(all.map((one) => JSON.stringify(one) + '\n').join('')))
  peer.onMessage(({ op, key }) => {
    if (op === 'hello') lines(key === 'wrong-key' ? { op: 'refused', code: 1 } : { op: 'welcome' })
    if (op !== 'done') return
    lines({ op: 'partial', text: 'good' }, 'odd', { op: 'final', text: 'good day', ticks: 3200 })
    peer.send({ op: 'bye' })
  })
})
const faults = { doing: 'Acme recognition' }
const context = testContext()

async function heard(params) {
  // BLOCK
  const { signal } = new AbortController()
  const session = await openSttSocket({
    socket: { url: `${server.wsUrl}/listen`, faults, clock: context.clock, signal },
    protocol,
    context,
    callId: 'call-1',
    counter: 'acme_stt',
  })
  session.write(new Uint8Array(160))
  session.finish()
  const events = []
  for await (const event of session.events) events.push(event)
  await session.close()
  return events
}

assert.deepEqual(await heard({ api_key: 'good-key' }), [
  { type: 'partial', text: 'good' },
  { type: 'final', text: 'good day', endMs: 2000 },
])
assert.equal(context.metrics.value('acme_stt_odd_messages_total'), 1)
await assert.rejects(heard({ api_key: 'wrong-key' }), { class: 'auth' })
await server.close()
