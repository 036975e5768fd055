import { parentPort, workerData } from 'node:worker_threads'
import { viewBatchMemory, type BatchMemory } from './batch-memory.ts'
import { createSileroModel } from './silero-model.ts'
import { loadSileroWeights, type SileroSampleRateHz } from './silero-weights.ts'

/** What the media thread sends: run the first `count` windows. */
export interface BatchMessage {
  readonly count: number
  /** Present when the memory is new to the worker. */
  readonly memory?: { readonly buffer: SharedArrayBuffer; readonly capacity: number }
}

/** What comes back: once `ready`, then `done` per batch. Anything thrown ends the worker and reaches its `error` event. */
export type WorkerReply = 'ready' | 'done'

export interface VadWorkerData {
  readonly sampleRateHz: SileroSampleRateHz
}

const port = parentPort
if (port !== null) {
  const { sampleRateHz } = workerData as VadWorkerData
  const model = createSileroModel(await loadSileroWeights(sampleRateHz))
  let memory: BatchMemory | undefined
  port.on('message', (message: BatchMessage) => {
    if (message.memory !== undefined) {
      memory = viewBatchMemory(model.shape, message.memory.capacity, message.memory.buffer)
    }
    if (memory === undefined) throw new Error('The first batch came without its memory')
    model.rateBatch(memory, message.count)
    port.postMessage('done' satisfies WorkerReply)
  })
  port.postMessage('ready' satisfies WorkerReply)
}
