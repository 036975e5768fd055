import type { VadStream } from '@kav/core'
import { createBatchMemory, type BatchMemory } from './batch-memory.ts'
import type { SileroShape } from './silero-weights.ts'

const FIRST_CAPACITY = 16

interface Stream extends VadStream {
  readonly slot: number
  /** Its slot may still hold another call's state. */
  isNew: boolean
  isClosed: boolean
}

/** The calls' streams, a slot of the model's memory for each, and the batch that is being made of them. */
export interface StreamBatch {
  readonly windowSamples: number
  /** Grows with the streams: asked for anew for each batch. */
  readonly memory: BatchMemory
  openStream(): VadStream
  /** Why no batch can be made of these. */
  faultOf(streams: readonly VadStream[], windows: Int16Array, results: Float32Array): string | undefined
  /** Lays out a batch that has no fault. */
  fill(streams: readonly VadStream[], windows: Int16Array): void
  /** Copies the first `count` results out. */
  read(results: Float32Array, count: number): void
}

export function createStreamBatch(shape: SileroShape): StreamBatch {
  const { windowSamples } = shape
  const freeSlots: number[] = []
  let slotCount = 0
  let memory = createBatchMemory(shape, FIRST_CAPACITY)
  return {
    windowSamples,
    get memory() {
      return memory
    },
    openStream() {
      const stream: Stream = {
        slot: freeSlots.pop() ?? slotCount++,
        isNew: true,
        isClosed: false,
        close() {
          if (stream.isClosed) return
          stream.isClosed = true
          freeSlots.push(stream.slot)
        },
      }
      return stream
    },
    faultOf(streams, windows, results) {
      const count = streams.length
      if (windows.length < count * windowSamples || results.length < count) {
        return `A batch of ${count} needs ${count * windowSamples} samples and ${count} results, not ${windows.length} and ${results.length}`
      }
      if (count > slotCount || streams.some((stream) => (stream as Stream).isClosed)) {
        return 'The batch holds a closed or unknown VAD stream'
      }
      return undefined
    },
    fill(streams, windows) {
      if (slotCount > memory.capacity) {
        memory = createBatchMemory(shape, Math.max(slotCount, 2 * memory.capacity), memory)
      }
      memory.windows.set(windows.subarray(0, streams.length * windowSamples))
      for (let index = 0; index < streams.length; index++) {
        const stream = streams[index] as Stream
        memory.slots[index] = stream.slot
        if (stream.isNew) memory.states[stream.slot]!.fill(0)
        stream.isNew = false
      }
    },
    read(results, count) {
      results.set(memory.probabilities.subarray(0, count))
    },
  }
}
