import assert from 'node:assert/strict'
import { readServerSentEvents, streamRequest } from '@kav/core/kit'
import { openLoopbackServer, testContext } from '@kav/core/testing'

const server = await openLoopbackServer()
server.onHttp('/talk', async ({ write, end }) => {
  await write('data: hello\n\ndata: [DONE]\n\ndata: never read\n\n')
  end()
})
const faults = { doing: 'Acme talk', secrets: [] }
const request = {
  url: `${server.httpUrl}/talk`,
  headers: {},
  body: '{}',
  faults,
  clock: testContext().clock,
  signals: [],
  firstMs: 5000,
  idleMs: 5000,
}

// BLOCK

const [{ path }] = server.requests
assert.equal(path, '/talk')
await server.close()
