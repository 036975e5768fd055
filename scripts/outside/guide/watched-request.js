import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { createRequestWatch } from '@kav/core/kit'
import { openLoopbackServer, testContext } from '@kav/core/testing'
import OpenAI from 'openai'

const server = await openLoopbackServer()
server.onHttp('/chat/completions', async ({ event, end }) => {
  for (const content of ['One', 'two']) await event({ choices: [{ index: 0, delta: { content } }] })
  end()
})
const client = new OpenAI({ apiKey: 'good-key', baseURL: server.httpUrl, maxRetries: 0 })
const { clock } = testContext()
const [firstMs, idleMs] = [5000, 5000]
const faults = { doing: 'acme' }
const closing = new AbortController()
const body = { model: 'small', messages: [{ role: 'user', content: 'Count.' }], stream: true }

function* eventsOf({ choices }) {
  yield choices[0].delta.content
}

async function* reply(signal) {
  // BLOCK
}

const { signal } = new AbortController()
assert.deepEqual(await all(reply(signal)), ['One', 'two'])
assert.equal(getEventListeners(signal, 'abort').length, 0)
await server.close()

async function all(pieces) {
  const read = []
  for await (const piece of pieces) read.push(piece)
  return read
}
