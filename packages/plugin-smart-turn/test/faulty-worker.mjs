// A turn worker without a model: does what the path that it should load says.
import { parentPort, workerData } from 'node:worker_threads'

const ODD = [
  null,
  7,
  'done',
  {},
  { type: 'done' },
  { type: 'done', job: -1, probabilities: new Float32Array(1) },
  { type: 'done', job: 1, probabilities: new Float32Array(2) },
  { type: 'done', job: 1, probabilities: Float32Array.of(NaN) },
  { type: 'done', job: 1, probabilities: Float32Array.of(1.5) },
  { type: 'done', job: 1, probabilities: [0.5] },
]

const BEHAVIOURS = {
  dies() {
    throw new Error('out of memory')
  },
  hangs() {},
  /** The answer is the caller's first sample, in thousandths. */
  answers({ job, samples, lengths }) {
    let from = 0
    const probabilities = Float32Array.from(lengths, (length) => {
      const answer = samples[from] / 1000
      from += length
      return answer
    })
    parentPort.postMessage({ type: 'done', job, probabilities })
  },
  odd({ job, samples }) {
    parentPort.postMessage(ODD[samples[0]])
    parentPort.postMessage({ type: 'done', job, probabilities: new Float32Array(1) })
  },
}

if (workerData.path === 'unloadable') parentPort.postMessage({ type: 'unloadable', why: 'it is a picture' })
else {
  parentPort.on('message', BEHAVIOURS[workerData.path])
  parentPort.postMessage({ type: 'ready' })
}
