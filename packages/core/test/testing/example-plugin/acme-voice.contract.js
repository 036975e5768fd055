// @ts-check
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { fakeSpeech, ttsContract } from '@kav/core/testing'
import { MULAW_8K } from '@kav/core'
import acmeVoice from './acme-voice.js'

/** Acme's side of the wire: the real client speaks to it over a real socket. */
const server = createServer(async (request, response) => {
  let body = ''
  for await (const part of request) body += part
  const key = request.headers.authorization?.slice('Bearer '.length)
  if (key === 'wrong-key') return void response.writeHead(401).end()
  if (key === 'silent-key') return
  response.writeHead(200, { 'content-type': 'audio/x-mulaw' })
  const speech = fakeSpeech(JSON.parse(body).text, MULAW_8K)
  for (let at = 0; at < speech.byteLength && !response.destroyed; at += 1001) {
    response.write(speech.subarray(at, at + 1001))
    if (key === 'stalling-key') return
    if (key === 'cutting-key') return void setTimeout(() => response.destroy(), 5)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  response.end()
})
// fetch keeps spare connections for seconds; on this side they would count as left open.
server.timeout = 2_000

before(() => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined))))
after(() => server.close())

/**
 * @param {string} apiKey
 * @param {import('@kav/core').PluginContext} context
 */
function createVoice(apiKey, context) {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const params = { url: `http://127.0.0.1:${port}/speak`, api_key: apiKey, voice: 'anna' }
  return acmeVoice.create(params, context)
}

const cases = ttsContract({
  create: (context) => createVoice('good-key', context),
  createFailing: (context) => createVoice('wrong-key', context),
  failingClass: 'auth',
  createStalled: (context, place) =>
    createVoice(place === 'at-once' ? 'silent-key' : 'stalling-key', context),
  createCut: (context) => createVoice('cutting-key', context),
  secrets: ['good-key', 'wrong-key'],
})
for (const one of cases) test(one.name, { timeout: one.timeoutMs }, () => one.run())
