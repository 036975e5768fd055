import assert from 'node:assert/strict'
import { openLoopbackServer } from '@kav/core/testing'
import { WebSocket } from 'ws'

const audioOf = (text) => Buffer.from(text)

// BLOCK

const ask = (body) => fetch(`${server.httpUrl}/speak`, { method: 'POST', body: JSON.stringify(body) })
assert.equal((await ask({ text: 'slow' })).status, 429)
await assert.rejects(ask({ text: 'cut' }).then((answer) => answer.text()))
assert.equal(await (await ask({ text: 'all of it' })).text(), 'all of it')
const refused = new WebSocket(`${server.wsUrl}/listen`)
const error = await new Promise((resolve) => refused.once('error', resolve))
assert.match(error.message, /401/)
await server.close()
