// A worker that answers a batch with a message that it should not send: which one stands in the batch's first sample.
import { parentPort } from 'node:worker_threads'

const ODD = [
  null,
  7,
  'done',
  {},
  { type: 'done' },
  { type: 'done', batch: -1 },
  { type: 'ready', weights: {} },
]
/** Of 8 kHz and one call: its slot and its probability stand before the window. */
const WINDOW_AT_BYTES = 8

parentPort.on('message', ({ batch, memory }) => {
  const { capacity, buffer } = memory
  const [which] = new Int16Array(buffer, WINDOW_AT_BYTES * capacity, 1)
  parentPort.postMessage(ODD[which])
  parentPort.postMessage({ type: 'done', batch })
})
parentPort.postMessage({ type: 'ready' })
