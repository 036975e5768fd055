// Imported into `kav serve` by NODE_OPTIONS: a port, in WEIGH_PORT, that tells what the process has when it has thrown
// away what it can.

import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { getHeapSpaceStatistics } from 'node:v8'
import { isMainThread } from 'node:worker_threads'

if (isMainThread && process.argv[2] === 'serve') {
  createServer(async (_request, response) => {
    // Twice, with a turn between: weak references and pooled buffers go in the second.
    globalThis.gc()
    await new Promise((resolve) => setTimeout(resolve, 100))
    globalThis.gc()
    const { heapUsed, external } = process.memoryUsage()
    // What V8 has compiled grows with what is called often, for as long as an hour.
    const code = getHeapSpaceStatistics().find((space) => space.space_name === 'code_space')
    const timers = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    response.end(
      JSON.stringify({ bytes: heapUsed + external - code.space_used_size, files: openFiles(), timers }),
    )
  })
    .listen(Number(process.env.WEIGH_PORT), '127.0.0.1')
    .unref()
}

/** Sockets among them; 0 where the system does not tell. */
function openFiles() {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}
