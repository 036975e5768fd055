import { parentPort } from 'node:worker_threads'

parentPort.on('message', ({ job, text }) => {
  if (text === 'die') throw new Error('on purpose')
  parentPort.postMessage({ job, audio: new Uint8Array(160), busyMs: 1 })
})
