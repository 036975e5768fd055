import assert from 'node:assert/strict'
import { MULAW_8K } from '@kav/core'
import { fakeSpeech, openLoopbackServer, runConformance } from '@kav/core/testing'
import acmeVoice from '../acme-voice.js'
import openContract from './contract-module.js'

// A connection that is kept would count as left open, and each case would wait for its end.
const ONE_ANSWER = { connection: 'close' }

async function openAcmeServer() {
  const server = await openLoopbackServer()
  server.onHttp('/speak', async ({ request, json, head, write, end }) => {
    if (request.headers.authorization !== 'Bearer good-key') return json(401, {}, ONE_ANSWER)
    head(200, ONE_ANSWER)
    await write(fakeSpeech(request.json.text, MULAW_8K))
    end()
  })
  return { url: `${server.httpUrl}/speak`, close: server.close }
}

// BLOCK

const { close, ...contract } = await openContract()
const { promises } = await runConformance(contract)
await close()
assert.deepEqual(
  promises.filter(({ state }) => state === 'broken'),
  [],
)
