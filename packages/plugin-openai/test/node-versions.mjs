// The HTTP client on the Node.js that runs this, by the built package: a short answer, a file recognised, and an abort
// right after a refused upload. `node packages/plugin-openai/test/node-versions.mjs`; exit code 0: all of it holds.
import { equal, ok } from 'node:assert/strict'
import { createServer } from 'node:http'
import { createHttpClient } from '../dist/http-client.js'

const unheld = []
process.on('unhandledRejection', (reason) => unheld.push(reason))

const bodies = []
const server = createServer((request, response) => {
  if (request.url === '/refuse') {
    response.writeHead(401, { 'content-type': 'application/json', connection: 'close' })
    return response.end('{"detail":"No."}')
  }
  const pieces = []
  request.on('data', (piece) => pieces.push(piece))
  request.on('end', () => {
    bodies.push(Buffer.concat(pieces).toString('latin1'))
    response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'r1' })
    response.end('{"text":"hello"}')
  })
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`
const client = await createHttpClient({ keepAliveTimeout: 60_000 })

const form = () => {
  const made = new globalThis.FormData()
  made.append('file', new globalThis.File([new Uint8Array(600_000)], 'utterance.wav', { type: 'audio/wav' }))
  made.append('model', 'whisper-1')
  return made
}
const answer = await client.fetch(`${url}/upload`, {
  method: 'POST',
  body: form(),
  headers: { accept: '*/*' },
})
equal(answer.headers.get('content-type'), 'application/json', 'the headers of the answer are there')
equal(answer.headers.get('x-request-id'), 'r1')
equal((await answer.json()).text, 'hello')
ok(
  bodies[0].includes('filename="utterance.wav"') && bodies[0].includes('whisper-1'),
  'the form is sent whole',
)

for (let round = 0; round < 10; round++) {
  const control = new AbortController()
  const refused = await client
    .fetch(`${url}/refuse`, { method: 'POST', body: form(), signal: control.signal })
    .catch(() => undefined)
  control.abort()
  await refused?.text().catch(() => undefined)
}
await client.destroy()
server.closeAllConnections()
server.close()
await new Promise((resolve) => setTimeout(resolve, 50))
equal(unheld.length, 0, `nothing is rejected that nobody holds: ${unheld[0]}`)
