import assert from 'node:assert/strict'
import { openLoopbackServer, testContext } from '@kav/core/testing'

// BLOCK

const server = await openLoopbackServer()
const answers = [
  [401, {}, 'error', /refuses the key/],
  [200, {}, 'warning', /lists no voices/],
  [200, ['anna', 'bert'], 'ok', /has the voice/],
  [200, ['anne'], 'error', /has no voice/],
]
for (const [status, body, level, message] of answers) {
  server.nextHttp('/voices', ({ json }) => json(status, body))
  const params = { url: `${server.httpUrl}/speak`, api_key: 'k', voice: 'anna' }
  const [found] = await liveCheck(params, testContext())
  assert.equal(found.level, level)
  assert.match(found.message, message)
}
await server.close()
