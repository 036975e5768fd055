// A worker that answers a batch with a message that it should not send: which one stands in the batch's first sample.
import { parentPort } from 'node:worker_threads'

const odd = (batch, samples) => [
  null,
  7,
  'clean',
  {},
  { type: 'clean' },
  { type: 'clean', batch: -1, samples },
  { type: 'clean', batch, samples: samples.subarray(1) },
  { type: 'clean', batch, samples: [...samples] },
]

parentPort.on('message', ({ type, batch, samples }) => {
  if (type === 'clean') parentPort.postMessage(odd(batch, samples)[samples[0]])
})
parentPort.postMessage({ type: 'ready' })
