// A worker that reads the model, then dies on its first batch, as one out of memory would.
import { parentPort, workerData } from 'node:worker_threads'
import { loadSileroWeights } from '../../dist/vad/silero-weights.js'

const weights = await loadSileroWeights(workerData.sampleRateHz)
parentPort.on('message', () => {
  throw new Error('out of memory')
})
parentPort.postMessage({ type: 'ready', ...(workerData.sendsWeights && { weights }) })
