// Takes spans by OTLP over HTTP as a collector does, and forgets them.

import { createServer } from 'node:http'
import { serveCommands } from '../lib/server-commands.mjs'

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => response.writeHead(200, { 'content-type': request.headers['content-type'] }).end())
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

serveCommands({})
process.send({ id: 0, value: { url: `http://127.0.0.1:${server.address().port}` } })
