// A worker that dies on its first batch, as one out of memory would.
import { parentPort } from 'node:worker_threads'

parentPort.on('message', () => {
  throw new Error('out of memory')
})
parentPort.postMessage({ type: 'ready' })
