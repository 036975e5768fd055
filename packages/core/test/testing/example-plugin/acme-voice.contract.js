// @ts-check
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { fakeSpeech, testContext, ttsContract } from '@kav/core/testing'
import { MULAW_8K } from '@kav/core'
import acmeVoice from './acme-voice.js'

/** Acme's side of the wire: the real client speaks to it over a real socket. */
const server = createServer(async (request, response) => {
  let body = ''
  for await (const part of request) body += part
  if (request.headers.authorization !== 'Bearer good-key') {
    response.writeHead(401).end()
    return
  }
  response.writeHead(200, { 'content-type': 'audio/x-mulaw' })
  const speech = fakeSpeech(JSON.parse(body).text, MULAW_8K)
  for (let at = 0; at < speech.byteLength && !response.destroyed; at += 1001) {
    response.write(speech.subarray(at, at + 1001))
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  response.end()
})
// fetch keeps spare connections for seconds; on this side they would count as left open.
server.timeout = 200

before(() => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined))))
after(() => server.close())

/** @param {string} apiKey */
function createVoice(apiKey) {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const params = { url: `http://127.0.0.1:${port}/speak`, api_key: apiKey, voice: 'anna' }
  return acmeVoice.create(params, testContext())
}

const cases = ttsContract({
  create: () => createVoice('good-key'),
  createFailing: () => createVoice('wrong-key'),
})
for (const one of cases) test(one.name, { timeout: one.timeoutMs }, () => one.run())
