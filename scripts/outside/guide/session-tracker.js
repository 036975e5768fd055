import assert from 'node:assert/strict'
import { MULAW_8K } from '@kav/core'
import { createSessionTracker, openSttSocket } from '@kav/core/kit'
import { openLoopbackServer, testContext } from '@kav/core/testing'

const server = await openLoopbackServer()
server.onSocket('/listen', (upgrade) => void upgrade.accept())
const context = testContext()
const socketFor = ({ signal }) => ({
  socket: {
    url: `${server.wsUrl}/listen`,
    faults: { doing: 'Acme recognition' },
    clock: context.clock,
    signal,
  },
  protocol: { last: '{"op":"done"}', isReady: () => signal.aborted, read() {} },
  context,
  callId: 'call-1',
  counter: 'acme_stt',
})

// BLOCK

const options = { callId: 'call-1', format: MULAW_8K, hints: [], signal: new AbortController().signal }
const opening = provider.openSession(options)
await (await server.peer()).roundTrip()
await Promise.all([assert.rejects(opening, { class: 'cancelled' }), provider.close()])
assert.ok(sessions.closed.aborted)
await server.close()
