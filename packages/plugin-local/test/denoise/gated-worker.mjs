// A worker that puts the number of a piece's session into its first sample.
import { parentPort } from 'node:worker_threads'

parentPort.on('message', ({ type, batch, sessions, lengths, samples }) => {
  if (type !== 'clean') return
  let at = 0
  sessions.forEach((session, index) => {
    samples[at] = session
    at += lengths[index]
  })
  parentPort.postMessage({ type: 'clean', batch, samples })
})
parentPort.postMessage({ type: 'ready' })
