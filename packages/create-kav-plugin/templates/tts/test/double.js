// @ts-check
import { setTimeout as sleep } from 'node:timers/promises'
import { MULAW_8K } from '@kav/core'
import { fakeSpeech, openLoopbackServer } from '@kav/core/testing'
/** @import { HttpExchange } from '@kav/core/testing' */

/** The key of a customer; the others are customers to whom something happens. */
export const KEYS = {
  good: 'good-key-4711',
  silent: 'silent-key-4711',
  mute: 'mute-key-4711',
  cut: 'cut-key-4711',
}

/** Odd, since networks cut anywhere: in the middle of a sample of two bytes, too. */
const CHUNK_BYTES = 1001

/**
 * The service, as a double: the plugin speaks to it over a real socket. Not a word of it goes into the package.
 *
 * @param {{ port?: number }} [options]
 */
export async function openDouble(options) {
  const server = await openLoopbackServer(options)
  server.onHttp('/speak', serve)
  return {
    url: `${server.httpUrl}/speak`,
    /** All audio of the latest answer that has been sent. */
    sent() {
      const { json, sentBytes } = server.requests.at(-1) ?? { json: { text: '' }, sentBytes: 0 }
      return fakeSpeech(json.text, MULAW_8K).subarray(0, sentBytes)
    },
    /** How often it was given something to say. */
    asked: () => server.requests.length,
    latest: () => server.requests.at(-1),
    close: () => server.close(),
  }
}

/** @param {HttpExchange} exchange */
async function serve({ request, head, write, json, end, cut }) {
  const key = String(request.headers.authorization).replace('Bearer ', '')
  if (key === KEYS.silent) return
  if (!Object.values(KEYS).includes(key)) return json(401, { message: `no such key: ${key}` })
  const speech = fakeSpeech(request.json.text, MULAW_8K)
  head(200, { 'content-type': 'audio/x-mulaw' })
  for (let at = 0; at < speech.length; at += CHUNK_BYTES) {
    await write(speech.subarray(at, at + CHUNK_BYTES))
    if (key === KEYS.mute) return
    // Time for it to arrive, so that it is cut in the middle.
    await sleep(2)
    if (key === KEYS.cut) return cut()
  }
  end()
}

if (process.argv[2] === '--port') {
  const { url } = await openDouble({ port: Number(process.argv[3]) })
  console.log(`${url} takes the key ${KEYS.good} and hums whatever it is given to say`)
}
