import assert from 'node:assert/strict'
import { faultOf, streamRequest } from '@kav/core/kit'
import { openLoopbackServer, testContext } from '@kav/core/testing'

const [LAST, AUDIO, FAULT] = [0, 1, 2]
const server = await openLoopbackServer()
const faults = { doing: 'Acme speech' }
const { clock, metrics } = testContext()
const closing = new AbortController()
const requestFor = (text) => ({
  url: `${server.httpUrl}/speak`,
  body: text,
  faults,
  clock,
  firstMs: 5_000,
  idleMs: 5_000,
})

// BLOCK

function frame(kind, body = '') {
  const head = Buffer.from([kind, 0, 0, 0, 0])
  head.writeUInt32LE(Buffer.byteLength(body), 1)
  return Buffer.concat([head, Buffer.from(body)])
}
async function heard(text, signal = new AbortController().signal) {
  let all = ''
  for await (const bytes of speak({ text }, signal)) all += Buffer.from(bytes).toString()
  return all
}
const answers = {
  whole: [frame(AUDIO, 'hel'), frame(9), frame(AUDIO, 'lo'), frame(LAST)],
  cut: [frame(AUDIO, 'hel')],
  broken: [frame(FAULT, 'no voice is free')],
}
server.onHttp('/speak', async ({ request, write, end }) => {
  for (const byte of Buffer.concat(answers[String(request.body)] ?? [])) await write(Buffer.from([byte]))
  if (String(request.body) !== 'stalled') end()
})

assert.equal(await heard('whole'), 'hello')
assert.equal(metrics.value('acme_voice_odd_frames_total'), 1)
await assert.rejects(heard('cut'), /the answer was cut/)
await assert.rejects(heard('broken'), /no voice is free/)
const abort = new AbortController()
setTimeout(() => abort.abort(), 50)
assert.equal(await heard('stalled', abort.signal), '')
await server.close()
