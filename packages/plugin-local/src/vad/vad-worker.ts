import { parentPort, workerData } from 'node:worker_threads'
import { viewBatchMemory, type BatchMemory } from './batch-memory.ts'
import { createSileroModel } from './silero-model.ts'
import { loadSileroWeights, type SileroSampleRateHz, type SileroWeights } from './silero-weights.ts'

/** What the media thread sends: run the first `count` windows. */
export interface BatchMessage {
  /** Comes back with the answer. */
  readonly batch: number
  readonly count: number
  /** Present when the memory is new to the worker. */
  readonly memory?: { readonly buffer: SharedArrayBuffer; readonly capacity: number }
}

/** What comes back: `ready` once, `done` per batch. Anything thrown ends the worker and reaches its `error` event. */
export type WorkerReply =
  | { readonly type: 'ready'; readonly weights?: SileroWeights }
  | { readonly type: 'done'; readonly batch: number }

export interface VadWorkerData {
  readonly sampleRateHz: SileroSampleRateHz
  /** Hand the laid-out weights to the media thread too: reading them there would hold it for some 20 ms. */
  readonly sendsWeights: boolean
}

const port = parentPort
if (port !== null) {
  const { sampleRateHz, sendsWeights } = workerData as VadWorkerData
  const weights = await loadSileroWeights(sampleRateHz)
  const model = createSileroModel(weights)
  let memory: BatchMemory | undefined
  port.on('message', (message: BatchMessage) => {
    if (message.memory !== undefined) {
      memory = viewBatchMemory(model.shape, message.memory.capacity, message.memory.buffer)
    }
    if (memory === undefined) throw new Error('The first batch came without its memory')
    model.rateBatch(memory, message.count)
    port.postMessage({ type: 'done', batch: message.batch } satisfies WorkerReply)
  })
  port.postMessage({ type: 'ready', ...(sendsWeights && { weights }) } satisfies WorkerReply)
}
